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

    public static bool IsSingle => typeof(T) == typeof(float);

    public static Recorded<T> Create(double value) => new(new(LaneOperation.Number, [], value));

    public static Recorded<T> MultiplyAdd(Recorded<T> x, Recorded<T> y, Recorded<T> z) => Of(nameof(MultiplyAdd), x, y, z);

    public static Recorded<T> Abs(Recorded<T> x) => Of(nameof(Abs), x);

    public static Recorded<T> Sqrt(Recorded<T> x) => Of(nameof(Sqrt), x);

    public static Recorded<T> Max(Recorded<T> x, Recorded<T> y) => Of(nameof(Max), x, y);

    public static Recorded<T> Min(Recorded<T> x, Recorded<T> y) => Of(nameof(Min), x, y);

    public static Recorded<T> Clamp(Recorded<T> x, Recorded<T> low, Recorded<T> high) => Of(nameof(Clamp), x, low, high);

    public static Recorded<T> Floor(Recorded<T> x) => Of(nameof(Floor), x);

    public static Recorded<T> Ceiling(Recorded<T> x) => Of(nameof(Ceiling), x);

    public static Recorded<T> Round(Recorded<T> x) => Of(nameof(Round), x);

    public static Recorded<T> CopySign(Recorded<T> x, Recorded<T> sign) => Of(nameof(CopySign), x, sign);

    public static Recorded<T> Greater(Recorded<T> x, Recorded<T> y) => Of(nameof(Greater), x, y);

    public static Recorded<T> GreaterOrEqual(Recorded<T> x, Recorded<T> y) => Of(nameof(GreaterOrEqual), x, y);

    public static Recorded<T> Equal(Recorded<T> x, Recorded<T> y) => Of(nameof(Equal), x, y);

    public static Recorded<T> NotEqual(Recorded<T> x, Recorded<T> y) => Of(nameof(NotEqual), x, y);

    public static Recorded<T> Select(Recorded<T> mask, Recorded<T> x, Recorded<T> y) => Of(nameof(Select), mask, x, y);

    public static Recorded<T> SelectNegative(Recorded<T> sign, Recorded<T> x, Recorded<T> y) => Of(nameof(SelectNegative), sign, x, y);

    public static Recorded<T> And(Recorded<T> x, Recorded<T> y) => Of(nameof(And), x, y);

    public static Recorded<T> Or(Recorded<T> x, Recorded<T> y) => Of(nameof(Or), x, y);

    public static Recorded<T> Xor(Recorded<T> x, Recorded<T> y) => Of(nameof(Xor), x, y);

    public static Recorded<T> ShiftLeft(Recorded<T> x, int count) => new(new(nameof(ShiftLeft), [x.Operation], count));

    public static Recorded<T> ShiftRight(Recorded<T> x, int count) => new(new(nameof(ShiftRight), [x.Operation], count));

    public static Recorded<T> Scale(Recorded<T> x, Recorded<T> n) => Of(nameof(Scale), x, n);

    public static Recorded<T> Exponent(Recorded<T> x) => Of(nameof(Exponent), x);

    public static Recorded<T> Fraction(Recorded<T> x) => Of(nameof(Fraction), x);

    public static Recorded<T> Each<TKernel>(Recorded<T> x, TKernel kernel)
        where TKernel : struct, IUnaryKernel => new(new(nameof(Each), [x.Operation], SingleKernel.Of(kernel)));

    public static Recorded<T> Each<TKernel>(Recorded<T> x, Recorded<T> y, TKernel kernel)
        where TKernel : struct, IBinaryKernel => new(new(nameof(Each), [x.Operation, y.Operation], SingleKernel.Of(kernel)));

    public static Recorded<T> EachWhere<TKernel>(Recorded<T> mask, Recorded<T> x, TKernel kernel, Recorded<T> otherwise)
        where TKernel : struct, IUnaryKernel =>
        new(new(nameof(EachWhere), [mask.Operation, x.Operation, otherwise.Operation], SingleKernel.Of(kernel)));

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
