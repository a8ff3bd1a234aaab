using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>
/// Random programs with choices, against the same programs rewritten the way that users of other systems must: with the
/// operand replaced by a harmless number wherever the branch is not taken. Derivatives must not tell them apart.
/// </summary>
public sealed class RandomMaskTests
{
    private const int Length = 4;

    private static readonly Expr Weights = Tensor.Generate([Length, Length], i => (((i * 7) % 11) - 5) / 4.0);

    // Infinite or NaN, in value or partials of some order, at some of the points below.
    private static readonly Func<Expr, Expr>[] Singular =
    [
        Log, Sqrt, x => 1 / x, x => Pow(x, 0.5), x => Pow(x, -1.5), x => Log(x) * x, x => Sqrt(x) / (1 + x), x => x / Sqrt(x), x => Acosh(x + 0.6),
        x => Atanh(x - 1), x => Asin(x - 1), Cbrt, x => Exp(2000 * (0.5 - x)), LogGamma, x => Pow(x, x), x => Atan2(x - 1, x) / x,
        x => Log(Log(x) + 1), x => Exp(1 / x), Log1P,
    ];

    // Between the singular function and the choice: entry by entry.
    private static readonly Func<Expr, Expr>[] Between =
        [x => x, Square, x => 3 * x, x => Exp(0.01 * x), Sin, x => x / 2, x => 1 / (1 + x.Square()), x => -x, Tanh, Relu, Abs];

    // After the choice: through any structure, with the argument itself.
    private static readonly Func<Expr, Expr, Expr>[] After =
    [
        (v, x) => v * x, (v, x) => v + Sin(x), (v, x) => v / (2 + x.Square()), (v, x) => v - v.Mean(), (v, x) => v.Softmax(0),
        (v, x) => MatMul(Weights, v), (v, x) => MatMul(v.Reshape([1, Length]), Weights).Reshape([Length]), (v, x) => Sqrt(v.Square() + 1),
        (v, x) => v.Gather(Tensor.Of(3.0, 0, 0, 1)), (v, x) => Concatenate([v.Slice(2..), x.Slice(..2)]), (v, x) => v.CumulativeSum(0),
        (v, x) => v * v.Norm(), (v, x) => Einsum("i,ij->j", v, Weights), (v, x) => v.Slice(..2).Pad([1], [1]), (v, x) => Exp(v.LogSoftmax(0)),
        (v, x) => Maximum(v, 0.3 * x), (v, x) => v.Max() * x, (v, x) => v.LogSumExp() + v, (v, x) => Tanh(v) * v,
        (v, x) => ScatterAdd(v, Tensor.Of(1.0, 1, 3, 0), 0, Length), (v, x) => Outer(v, x).Sum(0), (v, x) => Select(x > 0.4, v, x.Square()),
    ];

    private static readonly double[][] Points =
        [[0.7, 0, 1.3, -0.5], [0, 0, 1.6, 1.1], [0.9, 1.2, 0, 0], [-0.3, 0.8, 0, 1.4], [0, -1, 0, 0.6]];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_branch_not_taken_is_as_if_it_were_not_there(int seed)
    {
        var at = Tensor.Of(Points[seed % Points.Length]);
        var asWritten = Program(seed, guarded: false);
        var guarded = Program(seed, guarded: true);
        foreach (var mode in (DifferentiationMode[])[DifferentiationMode.Forward, DifferentiationMode.Reverse])
        {
            var first = Differentiate.Jacobian(guarded, mode);
            BothModes.Close(first(at).Evaluate(), Differentiate.Jacobian(asWritten, at, mode), 1e-9);
            foreach (var outer in (DifferentiationMode[])[DifferentiationMode.Forward, DifferentiationMode.Reverse])
            {
                var second = Differentiate.Jacobian(first, at, outer);
                Assert.DoesNotContain(second.ToArray(), double.IsNaN);
                BothModes.Close(second, Differentiate.Jacobian(Differentiate.Jacobian(asWritten, mode), at, outer), 1e-8);
            }
        }
    }

    // The same choices for the same seed, whether guarded or not.
    private static Func<Expr, Expr> Program(int seed, bool guarded) => x =>
    {
        var random = new Random(seed);
        Expr v = x;
        for (var round = 0; round < 1 + (seed % 2); round++)
        {
            var condition = random.Next(3) switch { 0 => x > 0.5, 1 => !(x <= 0.5), _ => (x > 0.5) & (x < 50) };
            var operand = round == 0 ? x : x + (0.01 * Tanh(v));
            var singular = Singular[random.Next(Singular.Length)];
            var between = Between[random.Next(Between.Length)];
            var rest = random.Next(2) == 0 ? Expr.Constant(0.25) : v;
            var branch = between(singular(guarded ? Select(condition, operand, 0.9) : operand));
            v = random.Next(2) == 0 ? Select(condition, branch, rest) : Select(!condition, rest, branch);
            for (var step = random.Next(3); step >= 0; step--)
            {
                v = After[random.Next(After.Length)](v, x);
            }
        }

        return v;
    };

    private static Expr Square(Expr x) => x.Square();
}
