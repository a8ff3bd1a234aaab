using Xunit;

namespace FunctionalGrad.Tests.Graph;

/// <summary>Operators broadcast as NumPy does.</summary>
public sealed class BroadcastingTests
{
    public static TheoryData<int[], int[], int[]> Fitting => new()
    {
        { [], [], [] },
        { [], [3], [3] },
        { [3], [], [3] },
        { [1], [3], [3] },
        { [3], [3], [3] },
        { [2, 3], [3], [2, 3] },
        { [2, 3], [1], [2, 3] },
        { [2, 3], [2, 1], [2, 3] },
        { [2, 1], [1, 3], [2, 3] },
        { [2, 1], [3], [2, 3] },
        { [4, 1, 3], [2, 1], [4, 2, 3] },
        { [1, 1, 1], [2], [1, 1, 2] },
        { [0], [1], [0] },
        { [0], [], [0] },
        { [2, 0], [0], [2, 0] },
        { [2, 1], [0], [2, 0] },
    };

    public static TheoryData<int[], int[], string> Misfitting => new()
    {
        { [3], [4], "the extents 3 and 4" },
        { [2, 3], [2], "the extents 3 and 2" },
        { [2, 3], [3, 2], "the extents 3 and 2" },
        { [2, 1, 3], [3, 4, 3], "the extents 2 and 3" },
        { [0], [2], "the extents 0 and 2" },
    };

    [Theory]
    [MemberData(nameof(Fitting))]
    public void Fitting_shapes_stretch_from_the_right(int[] left, int[] right, int[] result)
    {
        Assert.Equal(Shape.Of(result), Shape.Broadcast(Shape.Of(left), Shape.Of(right), "add"));
        Assert.Equal(Shape.Of(result), Shape.Broadcast(Shape.Of(right), Shape.Of(left), "add"));

        var x = Expr.Variable("x", Shape.Of(left));
        var y = Expr.Variable("y", Shape.Of(right));
        var (a, b) = (Tensor.Generate(x.Shape, i => i + 1.0), Tensor.Generate(y.Shape, i => 10.0 * (i + 1)));
        Expr sum = x + y;
        Assert.Equal(Shape.Of(result), sum.Shape);
        Assert.Equal(ByIndex(a, b, Shape.Of(result)), sum.Evaluate(Point.Of((x, a), (y, b))));

        // Each entry counts as often as it was repeated.
        var gradient = sum.Sum().Gradient(x, y).Evaluate(Point.Of((x, a), (y, b)));
        Assert.Equal(Tensor.Full(x.Shape, Repeats(x.Shape, result)), gradient[x]);
        Assert.Equal(Tensor.Full(y.Shape, Repeats(y.Shape, result)), gradient[y]);
    }

    [Theory]
    [MemberData(nameof(Misfitting))]
    public void Misfitting_shapes_are_an_error_on_the_line_that_combined_them(int[] left, int[] right, string extents)
    {
        var x = Expr.Variable("x", Shape.Of(left));
        var y = Expr.Variable("y", Shape.Of(right));
        string[] says = ["cannot broadcast", x.Shape.ToString(), y.Shape.ToString(), extents, "neither is 1", "reshape or permute"];
        Errors.Say<ShapeException>(() => _ = x + y, ["add", .. says]);
        Errors.Say<ShapeException>(() => _ = x * y, ["multiply", .. says]);
        Errors.Say<ShapeException>(() => _ = x > y, ["greater", .. says]);
        Errors.Say<ShapeException>(() => Expr.Select(x, y, 0), ["select", .. says]);
    }

    [Fact]
    public void Three_operands_broadcast_together()
    {
        var chosen = Expr.Select(Tensor.Of(1.0, 0), Tensor.Of([2, 1], [10.0, 20]), -1);
        Assert.Equal(Tensor.Of([2, 2], [10.0, -1, 20, -1]), chosen.Evaluate());
    }

    [Fact]
    public void Broadcasting_to_the_same_shape_is_the_same_node()
    {
        var x = Expr.Variable("x", [3]);
        Assert.Same(x, x.BroadcastTo([3]));
        Errors.Say<ShapeException>(() => x.BroadcastTo([2]), "[3]", "[2]");
        Errors.Say<ShapeException>(() => x.BroadcastTo([]), "[3]", "[]");
        Errors.Say<ShapeException>(() => x.BroadcastTo([1]), "[3] does not broadcast to [1]", "reduce or reshape");
    }

    private static double Repeats(Shape shape, int[] result) => shape.Size == 0 ? 0 : (double)Shape.Of(result).Size / shape.Size;

    // What broadcasting means, entry by entry: an axis that is missing or of extent 1 is always read at 0.
    private static Tensor<double> ByIndex(Tensor<double> a, Tensor<double> b, Shape shape) => Tensor.Generate(shape, position =>
    {
        var index = shape.Strides().Select((stride, axis) => position / stride % shape[axis]).ToArray();
        return Read(a, index) + Read(b, index);
    });

    private static double Read(Tensor<double> tensor, int[] index) =>
        tensor[[.. index.TakeLast(tensor.Shape.Rank).Select((i, axis) => tensor.Shape[axis] == 1 ? 0 : i)]];
}
