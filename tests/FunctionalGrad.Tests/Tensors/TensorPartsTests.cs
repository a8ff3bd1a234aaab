using Xunit;

namespace FunctionalGrad.Tests.Tensors;

public sealed class TensorPartsTests
{
    private static readonly Tensor<double> Box = Tensor.Generate([2, 3, 4], i => (double)i);

    [Fact]
    public void An_index_for_each_axis_finds_the_element_in_row_major_order()
    {
        Assert.Equal(0, Box[0, 0, 0]);
        Assert.Equal(23, Box[1, 2, 3]);
        Assert.Equal(23, Box[-1, -1, -1]);
        Assert.Equal(12 + 4 + 2, Box[1, 1, 2]);
    }

    [Fact]
    public void A_position_of_the_first_axis_is_a_part()
    {
        Assert.Equal(Tensor.Generate([3, 4], i => i + 12.0), Box.At(1));
        Assert.Equal(Box.At(1), Box.At(-1));
        Assert.Equal(Tensor.Scalar(5.0), Box.At(0).At(1).At(1));
        Assert.Equal(Shape.Of(0), Tensor<double>.Zeros([2, 0]).At(1).Shape);
    }

    [Fact]
    public void A_slice_takes_the_box_between_ranges()
    {
        Assert.Equal(Tensor.Of([1, 2, 2], [17.0, 18, 21, 22]), Box.Slice(1.., 1.., 1..3));
        Assert.Equal(Tensor.Of([2, 1, 1], [11.0, 23]), Box.Slice(.., ^1.., ^1..));
        Assert.Equal(Box.At(0), Box.Slice(..1).Reshape([3, 4]));
        Assert.Equal(Box, Box.Slice());
        Assert.Equal(Shape.Of(2, 0, 4), Box.Slice(.., 1..1).Shape);
        Assert.Equal(Tensor.Scalar(3.0), Tensor.Scalar(3.0).Slice());
    }

    [Fact]
    public void Reshaping_keeps_the_order()
    {
        Assert.Equal(Box[1, 0, 2], Box.Reshape([4, 6])[2, 2]);
        Assert.Equal(Shape.Of(0, 7), Tensor<double>.Zeros([3, 0]).Reshape([0, 7]).Shape);
    }

    [Fact]
    public void Errors_of_parts_say_the_index_the_axis_and_what_is_allowed()
    {
        Errors.Say<ShapeException>(() => _ = Box[1, 2], "[2, 3, 4]", "2 indices", "give 3", "At or Slice");
        Errors.Say<ArgumentOutOfRangeException>(() => _ = Box[0, 3, 0], "index 3", "axis 1", "[2, 3, 4]", "-3 to 2");
        Errors.Say<ArgumentOutOfRangeException>(() => _ = Box[0, 0, -5], "index -5", "axis 2", "-4 to 3");
        Errors.Say<ArgumentOutOfRangeException>(() => Box.At(2), "index 2", "axis 0", "-2 to 1");
        Errors.Say<ShapeException>(() => Tensor.Scalar(1.0).At(0), "scalar has no axis");
        Errors.Say<ShapeException>(() => Box.Slice(.., .., .., ..), "[2, 3, 4]", "4 ranges", "at most 3");
        Errors.Say<ArgumentOutOfRangeException>(() => Box.Slice(..3), "0..3", "axis 0", "[2, 3, 4]", "2 elements");
        Errors.Say<ArgumentOutOfRangeException>(() => Box.Slice(.., 2..1), "2..1", "axis 1");
        Errors.Say<ShapeException>(() => Box.Reshape([5, 5]), "[2, 3, 4]", "24", "[5, 5]", "25", "must agree");
    }

    [Fact]
    public void An_index_into_an_axis_without_entries_says_that_there_are_none() =>
        Errors.Say<ArgumentOutOfRangeException>(() => Tensor<double>.Zeros([0]).At(0), "index 0", "axis 0", "[0]", "no entries");
}
