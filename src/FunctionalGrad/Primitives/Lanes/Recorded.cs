using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// Lanes that compute nothing and remember what was asked of them. A kernel run on them gives its own formula as
/// <see cref="LaneOperation"/>s, from which code for any register is made: so a kernel is written once.
/// </summary>
internal readonly struct Recorded<T>(LaneOperation operation) : ILanes<Recorded<T>>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public LaneOperation Operation { get; } = operation;

    public static Recorded<T> operator +(Recorded<T> x, Recorded<T> y) => Of("Add", x, y);

    public static Recorded<T> operator -(Recorded<T> x, Recorded<T> y) => Of("Subtract", x, y);

    public static Recorded<T> operator *(Recorded<T> x, Recorded<T> y) => Of("Multiply", x, y);

    public static Recorded<T> operator /(Recorded<T> x, Recorded<T> y) => Of("Divide", x, y);

    public static Recorded<T> operator -(Recorded<T> x) => Of("Negate", x);

    public static Recorded<T> Create(double value) => new(new(LaneOperation.Number, [], value));

    public static Recorded<T> Abs(Recorded<T> x) => Of(nameof(Abs), x);

    public static Recorded<T> Sqrt(Recorded<T> x) => Of(nameof(Sqrt), x);

    public static Recorded<T> Max(Recorded<T> x, Recorded<T> y) => Of(nameof(Max), x, y);

    public static Recorded<T> Min(Recorded<T> x, Recorded<T> y) => Of(nameof(Min), x, y);

    public static Recorded<T> Floor(Recorded<T> x) => Of(nameof(Floor), x);

    public static Recorded<T> Ceiling(Recorded<T> x) => Of(nameof(Ceiling), x);

    public static Recorded<T> Round(Recorded<T> x) => Of(nameof(Round), x);

    public static Recorded<T> Greater(Recorded<T> x, Recorded<T> y) => Of(nameof(Greater), x, y);

    public static Recorded<T> GreaterOrEqual(Recorded<T> x, Recorded<T> y) => Of(nameof(GreaterOrEqual), x, y);

    public static Recorded<T> Equal(Recorded<T> x, Recorded<T> y) => Of(nameof(Equal), x, y);

    public static Recorded<T> NotEqual(Recorded<T> x, Recorded<T> y) => Of(nameof(NotEqual), x, y);

    public static Recorded<T> Select(Recorded<T> condition, Recorded<T> x, Recorded<T> y) => Of(nameof(Select), condition, x, y);

    public static Recorded<T> Exp(Recorded<T> x) => Of(nameof(Exp), x);

    public static Recorded<T> Log(Recorded<T> x) => Of(nameof(Log), x);

    public static Recorded<T> Sin(Recorded<T> x) => Of(nameof(Sin), x);

    public static Recorded<T> Cos(Recorded<T> x) => Of(nameof(Cos), x);

    public static Recorded<T> Each<TKernel>(Recorded<T> x, TKernel kernel)
        where TKernel : struct, IUnaryKernel => new(new(nameof(Each), [x.Operation], SingleKernel.Of(kernel)));

    public static Recorded<T> Each<TKernel>(Recorded<T> x, Recorded<T> y, TKernel kernel)
        where TKernel : struct, IBinaryKernel => new(new(nameof(Each), [x.Operation, y.Operation], SingleKernel.Of(kernel)));

    private static Recorded<T> Of(string member, params ReadOnlySpan<Recorded<T>> inputs)
    {
        var operations = new LaneOperation[inputs.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = inputs[i].Operation;
        }

        return new(new(member, operations));
    }
}
