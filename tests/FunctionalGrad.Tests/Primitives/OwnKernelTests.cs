using System.Numerics;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Primitives;

/// <summary>Users' own primitives with kernels of their own: in generic math, as formulas, in place, of many operands, linear.</summary>
public sealed class OwnKernelTests
{
    private static readonly Primitive Softsign = Primitive.Elementwise("softsign", default(SoftsignKernel), (x, y) => (1 - Abs(y)).Square());

    private static readonly Primitive Mixture = Primitive.Elementwise("mixture", default(MixtureKernel), (x, y, z) => 2 * x * y, (x, y, z) => x * x);

    private static readonly Primitive Swish = Primitive.OfFormula("swish", x => x * Logistic(x));

    private static readonly Primitive Blend = Primitive.OfFormula("blend", (x, y) => (x * 0.25) + (Select(x > y, Exp(x), y) / 3));

    private static readonly Primitive Reversed = Primitive.FromKernel(
        "reversed",
        shapes => shapes[0],
        default(ReversedKernel),
        new Rule.General((node, _, w) => node.Primitive.Apply(w), (node, tangents) => tangents[0] is { } v ? node.Primitive.Apply(v) : null),
        [[new Operand([4], Domain.Real)]]);

    public static TheoryData<Primitive> Own => [Softsign, Mixture, Swish, Blend, Reversed, Fused()];

    [Fact]
    public void Kernels_in_generic_math_stay_in_their_precision()
    {
        Assert.Equal(0.1f / (1f + 0.1f), Softsign.Evaluate<float>([(Tensor<float>)0.1f], Shape.Scalar).ToScalar());
        Assert.Equal(0.25, Differentiate.Derivative(x => Softsign.Apply(x), 1));
        Assert.Equal((12, 4), (Differentiate.Derivative(x => Mixture.Apply(x, 3), 2), Differentiate.Derivative(y => Mixture.Apply(2, y), 3)));
    }

    [Fact]
    public void A_formula_is_one_operation_with_its_own_derivative()
    {
        var x = Variable("x", [3]);
        Assert.Equal("swish(x)", Swish.Apply(x).ToString());
        Assert.Equal("x · logistic(x)", Swish.Formula);
        var at = Tensor.Of(-1.0, 0, 2);
        Assert.Equal(
            Differentiate.Gradient(t => (t * Logistic(t)).Sum(), at), Differentiate.Gradient(t => Swish.Apply(t).Sum(), at));
        Assert.Equal(
            Differentiate.Hessian(t => (t * Logistic(t)).Sum(), at), Differentiate.Hessian(t => Swish.Apply(t).Sum(), at));
        Errors.Say<ArgumentException>(() => Primitive.OfFormula("f", t => t * Variable("other")), "f:", "other", "no operand");
        Errors.Say<ArgumentException>(() => Primitive.OfFormula("f", t => (t + Tensor.Of(1.0, 2)).Sum()), "f:", "cannot be the kernel");
    }

    [Fact]
    public void A_formula_stands_in_a_loop_among_other_operations()
    {
        var x = Variable("x", [100]);
        var own = (Swish.Apply(x * 2) + 1).Compile<double>();
        Assert.DoesNotContain("call", own.ToString());
        var at = Point.Of((x, Tensor.Generate([100], i => (i - 50) / 10.0)));
        Assert.True(own.Invoke(at)[0].BitEquals((((x * 2) * Logistic(x * 2)) + 1).Compile<double>().Invoke(at)[0]));
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void Interpreted_and_compiled_give_the_same(Primitive primitive)
    {
        var variables = primitive.Examples[^1].Operands.Select((operand, i) => Variable($"x{i}", [4])).ToArray();
        var value = primitive.Apply([.. variables]);
        var at = Point.Of([.. variables.Select((variable, i) => (variable, Tensor.Generate([4], k => Math.Sin(1 + k + (5 * i)))))]);
        Check<double>(1e-15);
        Check<float>(1e-6);

        void Check<T>(double tolerance)
            where T : struct, IBinaryFloatingPointIeee754<T>
        {
            Expr[] roots = [value, .. value.Sum().Gradient(variables).Values];
            var expected = Interpreter<T>.Evaluate(roots, at.To<T>());
            foreach (var generation in new[] { CodeGeneration.Always, CodeGeneration.Never })
            {
                var actual = roots.Compile<T>(generation).Invoke(at.To<T>());
                for (var i = 0; i < roots.Length; i++)
                {
                    Assert.Equal(
                        expected[i].To<double>().ToArray(), actual[i].To<double>().ToArray(), (a, b) => Math.Abs(a - b) <= 4 * tolerance * Math.Max(1, Math.Abs(a)));
                }
            }
        }
    }

    [Fact]
    public void Any_number_of_operands_broadcast_and_batch()
    {
        var fused = Fused();
        Assert.Equal(Tensor.Of(5.0, 7), fused.Apply(Tensor.Of(1.0, 2), 2, 3).Evaluate());
        Assert.Equal(Tensor.Of(2.0, 2), Differentiate.Gradient(x => fused.Apply(x, 2, 3).Sum(), [1.0, 2]));
        Assert.Equal(3, Differentiate.Derivative(y => fused.Apply(Tensor.Of(1.0, 2), y, 3).Sum(), 5));
        Errors.Say<ShapeException>(() => fused.Apply(1, 2), "fused", "3 operands", "2");
        Errors.Say<ArgumentException>(() => Primitive.Elementwise("none", [], x => 0, (x, y, i) => null), "none", "domain");
    }

    [Fact]
    public void A_linear_one_needs_its_transpose_alone()
    {
        var differences = Primitive.Linear(
            "differences", x => Tensor.Generate(x.Shape, i => x[i] - (i > 0 ? x[i - 1] : 0)), (shape, w) => w - Concatenate([w.Slice(1..), Zeros([1])]));
        var at = Tensor.Of(1.0, 4, 9);
        Assert.Equal(
            Differentiate.Jacobian(x => differences.Apply(x), at, DifferentiationMode.Forward),
            Differentiate.Jacobian(x => differences.Apply(x), at, DifferentiationMode.Reverse));
        Errors.Say<ShapeException>(() => differences.Apply(1, 2), "differences takes 1 operand, not 2");
    }

    [Fact]
    public void A_general_one_reads_like_its_equations()
    {
        var squares = Primitive.General("squares", _ => [], x => Tensor<double>.Dot(x, x), (x, y, w) => w * 2 * x, (x, y, v) => 2 * Dot(x, v));
        Assert.Equal(Tensor.Of(2.0, 4), Differentiate.Gradient(x => squares.Apply(x), [1.0, 2]));
        Assert.Equal(10, Differentiate.Pushforward(x => squares.Apply(x), Tensor.Of(1.0, 2), Tensor.Of(1.0, 2)).Tangent.ToScalar());
    }

    private static Primitive Fused() => Primitive.Elementwise(
        "fused", [Domain.Real, Domain.Real, Domain.Real], v => (v[0] * v[1]) + v[2], (x, y, i) => i == 0 ? x[1] : i == 1 ? x[0] : 1);

    private readonly struct SoftsignKernel : IUnaryFunction
    {
        public T Apply<T>(T x)
            where T : struct, IBinaryFloatingPointIeee754<T> => x / (T.One + T.Abs(x));
    }

    private readonly struct MixtureKernel : IBinaryFunction
    {
        public T Apply<T>(T x, T y)
            where T : struct, IBinaryFloatingPointIeee754<T> => x * x * y;
    }

    private readonly struct ReversedKernel : ITensorFunction
    {
        public void Evaluate<T>(Operands<T> operands, Span<T> value)
            where T : struct, IBinaryFloatingPointIeee754<T>
        {
            operands[0].CopyTo(value);
            value.Reverse();
        }
    }
}
