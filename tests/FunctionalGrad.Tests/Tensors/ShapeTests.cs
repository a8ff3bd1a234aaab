using Xunit;

namespace FunctionalGrad.Tests.Tensors;

public sealed class ShapeTests
{
    [Fact]
    public void A_shape_knows_its_rank_size_and_extents()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal(3, shape.Rank);
        Assert.Equal(24, shape.Size);
        Assert.Equal([2, 3, 4], shape.Extents.ToArray());
        Assert.Equal([2, 3, 4], shape);
        Assert.Equal(4, shape[2]);
        Assert.Equal(4, shape[-1]);
        Assert.Equal(2, shape[-3]);
        Assert.False(shape.IsScalar);
    }

    [Fact]
    public void The_shape_of_a_scalar_has_no_axes_and_one_element()
    {
        Assert.Equal(0, Shape.Scalar.Rank);
        Assert.Equal(1, Shape.Scalar.Size);
        Assert.True(Shape.Scalar.IsScalar);
        Assert.Same(Shape.Scalar, Shape.Of());
        Shape empty = [];
        Assert.Same(Shape.Scalar, empty);
    }

    [Fact]
    public void An_extent_of_zero_makes_a_shape_without_elements()
    {
        Assert.Equal(0, Shape.Of(3, 0, 2).Size);
        Assert.False(Shape.Of(0).IsScalar);
        Assert.Equal([0, 2, 1], Shape.Of(3, 0, 2).Strides());
    }

    [Fact]
    public void Shapes_are_equal_when_their_extents_are()
    {
        Assert.True(Shape.Of(2, 3) == Shape.Of(2, 3));
        Assert.False(Shape.Of(2, 3) == Shape.Of(3, 2));
        Assert.True(Shape.Of(1) != Shape.Scalar);
        Assert.True(Shape.Of(0, 2) != Shape.Of(2, 0));
        Assert.False(Shape.Of(1) == null);
        Assert.True((Shape?)null == null);
        Assert.Equal(Shape.Of(2, 3).GetHashCode(), Shape.Of(2, 3).GetHashCode());
        Assert.True(Shape.Of(2).Equals((object)Shape.Of(2)));
        Assert.False(Shape.Of(2).Equals((object)2));
    }

    [Fact]
    public void A_shape_keeps_nothing_of_the_array_that_it_was_made_from()
    {
        int[] extents = [2, 3];
        var shape = Shape.Of(extents);
        extents[0] = 7;
        Assert.Equal(Shape.Of(2, 3), shape);
    }

    [Theory]
    [InlineData(new int[0], "[]")]
    [InlineData(new[] { 3 }, "[3]")]
    [InlineData(new[] { 2, 0, 3 }, "[2, 0, 3]")]
    public void A_shape_prints_its_extents_in_brackets(int[] extents, string text) =>
        Assert.Equal(text, Shape.Of(extents).ToString());

    [Fact]
    public void Strides_are_row_major()
    {
        Assert.Equal([12, 4, 1], Shape.Of(2, 3, 4).Strides());
        Assert.Empty(Shape.Scalar.Strides());
    }

    [Fact]
    public void Axes_are_counted_from_the_start_sorted_and_all_when_none_is_given()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal([0, 2], shape.Axes([-1, 0], "sum"));
        Assert.Equal([0, 1, 2], shape.Axes([], "sum"));
        Assert.Equal(1, shape.Axis(-2, "sum"));
        Assert.Equal(Shape.Of(3), shape.Without([0, 2]));
        Assert.Equal(Shape.Of(1, 3, 1), shape.Without([0, 2], keep: true));
        Assert.Equal(Shape.Of(2, 5, 4), shape.With(1, 5));
    }

    [Fact]
    public void Changing_one_extent_leaves_the_shape_as_it_was()
    {
        Shape shape = [2, 3];
        _ = shape.With(0, 9);
        Assert.Equal(Shape.Of(2, 3), shape);
    }

    [Fact]
    public void Errors_of_shapes_say_what_is_wrong_and_what_is_allowed()
    {
        Errors.Say<ShapeException>(() => Shape.Of(2, -1), "[2, -1]", "negative extent -1", "0 or more");
        Errors.Say<ShapeException>(() => Shape.Of(1 << 16, 1 << 16), "[65536, 65536]", "more than", "split");
        Errors.Say<ShapeException>(() => Shape.Of(0, 1 << 20, 1 << 20), "[0, 1048576, 1048576]", "split");
        Errors.Say<ShapeException>(() => Shape.Of(2, 3).Axis(2, "sum"), "sum", "[2, 3]", "no axis 2", "-2 to 1");
        Errors.Say<ShapeException>(() => Shape.Of(2, 3).Axis(-3, "sum"), "no axis -3");
        Errors.Say<ShapeException>(() => Shape.Scalar.Axis(0, "mean"), "mean", "scalar has no axis 0", "reshape");
        Errors.Say<ShapeException>(() => Shape.Of(2, 3).Axes([1, -1], "sum"), "sum", "axis 1 of [2, 3]", "twice", "once");
        Errors.Say<ShapeException>(() => _ = Shape.Of(2)[5], "[2]", "no axis 5");
    }
}
