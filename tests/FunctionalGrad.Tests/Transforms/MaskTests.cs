using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>The branch that a choice does not take contributes exactly 0, in both modes and at every order.</summary>
public sealed class MaskTests
{
    private static readonly Dictionary<string, (Func<Expr, Expr> Function, double At, double First, double Second)> Scalars = new()
    {
        ["log of what is positive, at 0"] = (x => Select(x > 0, Log(x), 0), 0, 0, 0),
        ["log of what is positive, at −1"] = (x => Select(x > 0, Log(x), 0), -1, 0, 0),
        ["log of what is positive, at 2"] = (x => Select(x > 0, Log(x), 0), 2, 0.5, -0.25),
        ["the choice the other way round"] = (x => Select(x <= 0, 0, Log(x)), 0, 0, 0),
        ["the root of a rectified number, at −1"] = (x => Sqrt(Relu(x)), -1, 0, 0),
        ["the root of a rectified number, at 4"] = (x => Sqrt(Relu(x)), 4, 0.25, -1.0 / 32),
        ["the reciprocal of what is not 0"] = (x => Select(Equal(x, 0), 1, 1 / x), 0, 0, 0),
        ["sin x / x at 0"] = (x => Select(Equal(x, 0), 1, Sin(x) / x), 0, 0, 0),
        ["the root of a square, at 0"] = (x => Select(x > 0, Sqrt(x.Square()), -x), 0, -1, 0),
        ["a power that is not taken"] = (x => Select(x > 0, Pow(x, 0.5), x), -1, 1, 0),
        ["a softplus of one's own, at 1000"] = (x => Select(x > 50, x, Log(1 + Exp(x))), 1000, 1, 0),
        ["a softplus of one's own, at 0"] = (x => Select(x > 50, x, Log(1 + Exp(x))), 0, 0.5, 0.25),
        ["a choice within a choice"] = (x => Select(x > 0, Select(x > 1, Log(x - 1), 0), Log(-x)), 0.5, 0, 0),
        ["a choice of a choice"] = (x => Sqrt(Select(x > 0, Log(x + 1), 0)), -1, 0, 0),
        ["both conditions"] = (x => Select((x > 0) & (x < 1), Log(x) + Log(1 - x), 0), 1, 0, 0),
        ["either condition"] = (x => Select((x <= 0) | (x >= 1), 0, Log(x) + Log(1 - x)), 0, 0, 0),
        ["a condition that is turned round"] = (x => Select(!(x > 0), 0, Log(x)), 0, 0, 0),
        ["a branch that overflows"] = (x => Select(x > 1, 3 * x, Exp(Exp(x))), 100, 3, 0),
        ["a branch divided by a branch"] = (x => Select(x > 0, 1 / Sqrt(x), 2 * x), 0, 2, 0),
        ["a choice used twice"] = (x => (Select(x > 0, Log(x), 0) * x) + Select(x > 0, Log(x), 0), 0, 0, 0),
    };

    private static readonly Dictionary<string, (Func<Expr, Expr> Function, double[] At, double[] First)> Tensors = new()
    {
        ["summed"] = (x => Select(x > 0, Log(x), 0).Sum(), [0, -1, 2], [0, 0, 0.5]),
        ["summed before the root"] = (x => Sqrt(Select(x > 0, x, 0)).Sum(), [0, -1, 4], [0, 0, 0.25]),
        ["sliced"] = (x => Log(x).Slice(1..).Sum(), [0, 2, 4], [0, 0.5, 0.25]),
        ["gathered"] = (x => Log(x).Gather(Tensor.Of(2.0, 2)).Sum(), [0, -1, 4], [0, 0, 0.5]),
        ["taken at a position"] = (x => Sqrt(x).At(2), [0, 0, 4], [0, 0, 0.25]),
        ["permuted"] = (x => Select(x > 0, Log(x), 0).Reshape([3, 1]).Transpose().Sum(), [0, 2, 4], [0, 0.5, 0.25]),
        ["concatenated"] = (x => Concatenate([Select(x > 0, Log(x), 0), x]).Sum(), [0, 2, -1], [1, 1.5, 1]),
        ["concatenated and cut off"] = (x => Concatenate([Log(x), x]).Slice(3..).Sum(), [0, 2, -1], [1, 1, 1]),
        ["multiplied by a matrix"] = (
            x => MatMul(Tensor.Of([2, 3], [1.0, 1, 1, 0, 1, 2]), Select(x > 0, Log(x), 0)).Sum(), [0, 2, 4], [0, 1, 0.75]),
        ["through a matrix of masked rows"] = (
            x => Select(Tensor.Of([2, 1], [1.0, 0]), MatMul(Tensor.Of([2, 3], [1.0, 0, 2, 1, 1, 1]), Log(x)).Reshape([2, 1]), 0).Slice(..1).Sum(),
            [1, 2, 4], [1, 0, 0.5]),
        ["in a softmax"] = (x => Select(x > 0, Log(x), 0).Softmax(0).Slice(..1).Sum(), [2, 0, -1], [1.0 / 8, 0, 0]),
        ["of a softmax"] = (x => Select(Tensor.Of(1.0, 0, 1), Sqrt(x), 0).Sum(), [4, 0, 4], [0.25, 0, 0.25]),
        ["in a norm"] = (x => Select(x > 0, Sqrt(x), 0).Norm(), [0, 9, 16], [0, 0.1, 0.1]),
        ["of a norm at 0"] = (x => Select(x.Norm() > 0, Log(x.Norm()), 0), [0, 0, 0], [0, 0, 0]),
        ["in a product of all"] = (x => (Select(x > 0, Log(x), 1) * Tensor.Of(1.0, 2, 3)).Sum(), [0, 2, 3], [0, 1, 1]),
        ["in a mean"] = (x => Select(x > 0, Log(x), 0).Mean(), [0, 1, -3], [0, 1.0 / 3, 0]),
        ["in a maximum"] = (x => Select(x > 0, Log(x), -5).Max(), [0, 2, -1], [0, 0.5, 0]),
        ["in a log-sum-exp"] = (x => Select(x > 0, Log(x), 0).LogSumExp(), [1, 0, -1], [1.0 / 3, 0, 0]),
        ["padded"] = (x => Select(x > 0, Log(x), 0).Pad([1], [2]).Sum(), [0, 2, -1], [0, 0.5, 0]),
        ["a running sum"] = (x => Select(x > 0, Log(x), 0).CumulativeSum(0).Slice(1..2).Sum(), [0, 2, 4], [0, 0.5, 0]),
        ["broadcast"] = (x => Select(x > 0, Log(x), 0).BroadcastTo([2, 3]).Sum(), [0, 2, 4], [0, 1, 0.5]),
        ["scattered"] = (x => ScatterAdd(Select(x > 0, Log(x), 0), Tensor.Of(0.0, 0, 1), 0, 2).Sum(), [0, 2, 4], [0, 0.5, 0.25]),
    };

    public static TheoryData<string> ScalarCases => [.. Scalars.Keys];

    public static TheoryData<string> TensorCases => [.. Tensors.Keys];

    [Theory]
    [MemberData(nameof(ScalarCases))]
    public void A_branch_not_taken_contributes_nothing(string what)
    {
        var (function, at, first, second) = Scalars[what];
        Assert.Equal(first, BothModes.Jacobian(function, at).ToScalar(), 1e-14);
        Assert.Equal(second, BothModes.Second(function, at).ToScalar(), 1e-14);

        // In single precision too.
        var single = Differentiate.Gradient(function, (Tensor<float>)(float)at).ToScalar();
        Assert.Equal((float)first, single, 1e-6f);
    }

    [Theory]
    [MemberData(nameof(TensorCases))]
    public void A_mask_holds_through_every_structure(string what)
    {
        var (function, at, first) = Tensors[what];
        BothModes.Close(Tensor.Of(first), BothModes.Gradient(function, Tensor.Of(at)), 1e-14);
        var second = BothModes.Second(function, Tensor.Of(at));
        Assert.DoesNotContain(second.ToArray(), double.IsNaN);
        Assert.DoesNotContain(second.ToArray(), double.IsInfinity);
    }

    [Theory]
    [MemberData(nameof(TensorCases))]
    public void The_product_of_hessian_and_vector_is_free_of_what_was_not_taken(string what)
    {
        var (function, at, _) = Tensors[what];
        var hessian = Differentiate.Hessian(function, Tensor.Of(at));
        var product = Differentiate.HessianVectorProduct(function, Tensor.Of(at), Tensor.Of(1.0, 1, 1));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(hessian.At(i).ToArray().Sum(), product[i], 1e-13);
        }
    }

    [Fact]
    public void Rows_that_pad_a_batch_contribute_nothing()
    {
        // Rows of length 3 of which the mask keeps 3, 1 and none: the mean of the logarithms of what is kept.
        Expr kept = Tensor.Of([3, 3], [1.0, 1, 1, 1, 0, 0, 0, 0, 0]);
        var length = Maximum(kept.Sum(1), 1);
        Expr Loss(Expr x) => (Select(kept, Log(x), 0).Sum(1) / length).Sum();
        var at = Tensor.Of([3, 3], [1.0, 2, 4, 8, 0, -1, double.NaN, 0, 0]);
        var expected = Tensor.Of([3, 3], [1 / 3.0, 0.5 / 3, 0.25 / 3, 0.125, 0, 0, 0, 0, 0]);
        BothModes.Close(expected, BothModes.Gradient(Loss, at), 1e-15);
        Assert.DoesNotContain(BothModes.Second(Loss, at).ToArray(), number => !double.IsFinite(number));
    }

    [Fact]
    public void A_mask_of_a_batch_broadcasts_over_the_features()
    {
        Expr rows = Tensor.Of([3, 1], [1.0, 0, 1]);
        Expr Loss(Expr x) => Select(rows, Sqrt(x), 0).Square().Sum();
        var gradient = BothModes.Gradient(Loss, Tensor.Of([3, 2], [1.0, 4, 0, -1, 9, 16]));
        Assert.Equal(Tensor.Of([3, 2], [1.0, 1, 0, 0, 1, 1]), gradient);
    }

    [Fact]
    public void Weights_that_meet_a_masked_batch_stay_finite()
    {
        // log(x) is −∞ in the rows that the mask drops; the weights that it is multiplied by get nothing of it.
        Expr rows = Tensor.Of([2, 1], [1.0, 0]);
        Expr data = Tensor.Of([2, 2], [1.0, 2, 0, -1]);
        Expr Loss(Expr w) => Select(rows, MatMul(Log(data), w), 0).Sum();
        var gradient = BothModes.Gradient(Loss, Tensor.Of([2, 1], [3.0, 5]));
        Assert.Equal(Tensor.Of([2, 1], [0.0, Math.Log(2)]), gradient);
    }

    [Fact]
    public void Attention_over_earlier_positions_sees_nothing_of_later_ones()
    {
        Expr earlier = Tensor.Of([2, 2], [1.0, 0, 1, 1]);
        Expr Loss(Expr scores) => Select(earlier, scores, double.NegativeInfinity).Softmax().At(0).At(0);
        Assert.Equal(Tensor<double>.Zeros([2, 2]), BothModes.Gradient(Loss, Tensor.Of([2, 2], [0.3, 7, 1, 2])));
        Assert.Equal(Tensor<double>.Zeros([2, 2]), BothModes.Gradient(Loss, Tensor.Of([2, 2], [0.3, double.NaN, 1, 2])));
    }

    [Fact]
    public void What_is_infinite_without_a_mask_stays_infinite()
    {
        Assert.Equal(double.PositiveInfinity, BothModes.Jacobian(Sqrt, 0.0).ToScalar());
        Assert.Equal(double.PositiveInfinity, BothModes.Jacobian(x => Select(x >= 0, Sqrt(x), 0), 0.0).ToScalar());
    }

    [Fact]
    public void The_care_is_paid_for_only_where_a_mask_meets_what_may_be_infinite()
    {
        var x = Variable("x");
        Assert.DoesNotContain("select", Names((Sin(x) * Exp(x)).Gradient()[x]));

        // The mask itself needs a choice; what is finite behind it needs no second one.
        Assert.Single(Names(Select(x > 0, 3 * x, 0).Gradient()[x]), name => name == "select");
        Assert.Single(Names(Relu(Sin(x)).Gradient()[x]), name => name == "select");

        // Where a second one is needed, since x may be given as ∞, it takes the place of the first.
        Assert.Single(Names(Select(x > 0, Sin(x), 0).Gradient()[x]), name => name == "select");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_a_choice_passes_over_may_hold_anything(double missing)
    {
        // The mean square of the data that are there, the others marked by NaN or ∞ and filled with 0.
        var w = Variable("w", [3]);
        var data = Variable("data", [3]);
        var there = Variable("there", [3]);
        var at = Point.Of((w, Tensor.Of(1.0, 2, 3)), (data, Tensor.Of(0.5, missing, 4)), (there, Tensor.Of(1.0, 0, 1)));
        Assert.Equal(Tensor.Of(0.5, 0, 4), Select(there, w * data, 0).Sum().Gradient(w)[w].Evaluate(at));
        Assert.Equal(Tensor.Of(0.25, 0, 16), Select(there, w * data * data, 0).Sum().Gradient(w)[w].Evaluate(at));
        Assert.Equal(Tensor.Of(1.0, 0, 72), Select(there, (w * data).Square(), 0).Sum().Gradient(data)[data].Evaluate(at));
        Assert.Equal(Tensor.Of(0.5, 0, 4), Select(there, w * data, 0).Pushforward(GradientMap<Expr>.Of((w, Tensor.Of(1.0, 1, 1)))).Evaluate(at));

        // Rows of a batch: a weight sees none of what the masked row holds.
        var rows = Variable("rows", [2, 2]);
        var v = Variable("v", [2]);
        var loss = Select(Tensor.Of(1.0, 0), rows.MatMul(v), 0).Sum();
        var batch = Point.Of((rows, Tensor.Of([2, 2], [1.0, 2, missing, 5])), (v, Tensor.Of(3.0, 4)));
        Assert.Equal(Tensor.Of(1.0, 2), loss.Gradient(v)[v].Evaluate(batch));
    }

    private static IEnumerable<string> Names(Expr expression) =>
        TopologicalOrder.Of(expression).Nodes.ToArray().OfType<Application>().Select(node => node.Primitive.Name);
}
