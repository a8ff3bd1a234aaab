using Xunit;

namespace FunctionalGrad.Tests.Tensors;

public sealed class TensorMakingTests
{
    [Fact]
    public void A_number_is_a_tensor_of_rank_0()
    {
        Tensor<double> fromNumber = 2.5;
        Assert.Equal(Shape.Scalar, fromNumber.Shape);
        Assert.Equal(2.5, fromNumber.ToScalar());
        Assert.Equal(2.5, (double)fromNumber);
        Assert.Equal(2.5, fromNumber[[]]);
        Assert.Equal(fromNumber, Tensor.Scalar(2.5));
        Assert.Equal(1.5f, Tensor.Scalar(1.5f).ToScalar());
    }

    [Fact]
    public void The_precision_follows_from_the_numbers()
    {
        Assert.IsType<Tensor<double>>(Tensor.Of(1.0, 2.0));
        Assert.IsType<Tensor<float>>(Tensor.Of(1f, 2f));
    }

    [Fact]
    public void A_tensor_is_made_of_numbers_arrays_and_spans()
    {
        double[] numbers = [1, 2, 3];
        var expected = Tensor.Of(1.0, 2.0, 3.0);
        Assert.Equal(Shape.Of(3), expected.Shape);
        Assert.Equal(expected, Tensor.Of(numbers));
        Assert.Equal(expected, Tensor.Of<double>(numbers.AsSpan()));
        Assert.Equal(expected, Tensor.Of([3], numbers));
        Assert.Equal(expected, Tensor.Of<double>([3], numbers.AsSpan()));
        Assert.Equal(expected, Tensor.Generate([3], i => i + 1.0));
    }

    [Fact]
    public void A_matrix_is_made_of_a_rectangular_array_or_of_rows()
    {
        var expected = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
        Assert.Equal(expected, Tensor.Of(new[,] { { 1.0, 2, 3 }, { 4, 5, 6 } }));
        Assert.Equal(expected, Tensor.Of(new double[][] { [1, 2, 3], [4, 5, 6] }));
    }

    [Fact]
    public void An_array_of_any_rank_keeps_its_extents_and_its_order()
    {
        var cube = new double[2, 1, 2] { { { 1, 2 } }, { { 3, 4 } } };
        Assert.Equal(Tensor.Of([2, 1, 2], [1.0, 2, 3, 4]), Tensor.FromArray<double>(cube));
        Assert.Equal(Tensor.Of(1f, 2f), Tensor.FromArray<float>(new[] { 1f, 2f }));
    }

    [Fact]
    public void Tensors_with_an_extent_of_zero_can_be_made_in_every_way()
    {
        Assert.Equal(Shape.Of(0), Tensor.Of<double>().Shape);
        Assert.Equal(Shape.Of(0, 3), Tensor.Of(new double[0, 3]).Shape);
        Assert.Equal(Shape.Of(0, 0), Tensor.Of(Array.Empty<double[]>()).Shape);
        Assert.Equal(Shape.Of(2, 0), Tensor.Of(new double[][] { [], [] }).Shape);
        Assert.Equal(Shape.Of(2, 0), Tensor.Full([2, 0], 1.0).Shape);
        Assert.Equal(0, Tensor<double>.Zeros([0, 4]).Size);
    }

    [Fact]
    public void A_tensor_can_have_one_number_everywhere()
    {
        Assert.Equal(Tensor.Of([2, 2], [7.0, 7, 7, 7]), Tensor.Full([2, 2], 7.0));
        Assert.Equal(Tensor.Of(0.0, 0.0), Tensor<double>.Zeros([2]));
    }

    [Fact]
    public void Changing_the_source_afterwards_changes_no_tensor()
    {
        double[] numbers = [1, 2];
        double[,] matrix = { { 1, 2 } };
        double[][] rows = [[1, 2]];
        Tensor<double>[] tensors =
        [
            Tensor.Of(numbers), Tensor.Of<double>(numbers.AsSpan()), Tensor.Of([2], numbers),
            Tensor.Of(matrix), Tensor.FromArray<double>(matrix), Tensor.Of(rows),
        ];
        numbers[0] = matrix[0, 0] = rows[0][0] = 99;
        Assert.All(tensors, tensor => Assert.Equal([1.0, 2.0], tensor.ToArray()));
    }

    [Fact]
    public void Changing_what_a_tensor_hands_out_does_not_change_the_tensor()
    {
        var tensor = Tensor.Of(1.0, 2.0);
        tensor.ToArray()[0] = 99;
        Assert.Equal(Tensor.Of(1.0, 2.0), tensor);

        // The view cannot be written to: the compiler sees to that, and so does its type.
        Assert.Equal(typeof(ReadOnlySpan<double>), typeof(Tensor<double>).GetProperty("Values")!.PropertyType);
        Assert.DoesNotContain(typeof(Tensor<double>).GetProperties(), property => property.CanWrite);
        Assert.Empty(typeof(Tensor<double>).GetFields());
    }

    [Fact]
    public void Errors_of_making_say_both_counts_and_the_way_out()
    {
        Errors.Say<ShapeException>(() => Tensor.Of([2, 3], [1.0]), "[2, 3]", "takes 6", "not 1", "give as many");
        Errors.Say<ShapeException>(() => Tensor.Of(new double[][] { [1, 2], [3] }), "row 1 has 1", "row 0 has 2", "one length");
        Errors.Say<ArgumentException>(() => Tensor.FromArray<double>(new int[2]), "Int32", "Double", "convert");
        Errors.Say<ShapeException>(() => Tensor.Of(1.0, 2.0).ToScalar(), "[2]", "2 elements", "index it, or reduce");
        Errors.Say<ShapeException>(() => _ = (double)Tensor.Of<double>(), "[0]", "0 elements");
    }
}
