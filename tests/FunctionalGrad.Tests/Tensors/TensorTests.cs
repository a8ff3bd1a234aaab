using System.Globalization;
using Xunit;

namespace FunctionalGrad.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void Tensors_are_equal_when_shapes_and_numbers_are()
    {
        Assert.Equal(Tensor.Of(1.0, 2.0), Tensor.Of(1.0, 2.0));
        Assert.Equal(Tensor.Of(1.0, 2.0).GetHashCode(), Tensor.Of(1.0, 2.0).GetHashCode());
        Assert.NotEqual(Tensor.Of(1.0, 2.0), Tensor.Of(1.0, 3.0));
        Assert.NotEqual(Tensor.Of(1.0, 2.0), Tensor.Of([2, 1], [1.0, 2.0]));
        Assert.NotEqual(Tensor<double>.Zeros([0, 2]), Tensor<double>.Zeros([2, 0]));
        Assert.False(Tensor.Of(1.0).Equals((object)1.0));
        Assert.False(Tensor.Of(1.0).Equals((Tensor<double>?)null));
    }

    [Fact]
    public void NaN_equals_itself_and_zero_equals_minus_zero_but_not_bit_for_bit()
    {
        Assert.Equal(Tensor.Of(double.NaN), Tensor.Of(double.NaN));
        Assert.True(Tensor.Of(double.NaN).BitEquals(Tensor.Of(double.NaN)));
        Assert.Equal(Tensor.Of(0.0), Tensor.Of(-0.0));
        Assert.Equal(Tensor.Of(0.0).GetHashCode(), Tensor.Of(-0.0).GetHashCode());
        Assert.False(Tensor.Of(0.0).BitEquals(Tensor.Of(-0.0)));
        Assert.False(Tensor.Of([1, 2], [1.0, 2]).BitEquals(Tensor.Of(1.0, 2.0)));
    }

    [Fact]
    public void Tensors_of_one_shape_are_a_vector_space()
    {
        var x = Tensor.Of(1.0, 2.0);
        var y = Tensor.Of(10.0, 20.0);
        Assert.Equal(Tensor.Of(11.0, 22.0), x + y);
        Assert.Equal(Tensor.Of(-9.0, -18.0), x - y);
        Assert.Equal(Tensor.Of(-1.0, -2.0), -x);
        Assert.Equal(Tensor.Of(0.5, 1.0), 0.5 * x);
        Assert.Equal(Tensor.Scalar(50.0), Tensor<double>.Dot(x, y));
        Assert.Equal(Tensor.Scalar(0.0), Tensor<double>.Dot(Tensor.Of<double>(), Tensor.Of<double>()));
        Assert.Equal(Tensor.Of(1.0, 2.0), x);
    }

    [Fact]
    public void Tensors_of_different_shapes_do_not_add_and_the_error_names_both()
    {
        var x = Tensor.Of(1.0, 2.0);
        var y = Tensor.Of([2, 1], [1.0, 2.0]);
        Errors.Say<ShapeException>(() => _ = x + y, "+", "[2]", "[2, 1]", "make the shapes equal", "expression");
        Errors.Say<ShapeException>(() => _ = x - y, "-", "[2]", "[2, 1]");
        Errors.Say<ShapeException>(() => Tensor<double>.Dot(x, y), "dot", "[2]", "[2, 1]");
    }

    [Fact]
    public void Changing_the_precision_rounds_to_nearest_and_back_is_exact()
    {
        var single = Tensor.Of(0.1, 1e40, -1e40, double.NaN, 1e-50).To<float>();
        Assert.Equal([0.1f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0f], single.ToArray());
        Assert.Equal(0.1f, single.To<double>()[0]);

        // Halfway between two floats goes to the even one; anything above, to the upper one.
        var half = 1 + Math.Pow(2, -24);
        Assert.Equal([1f, MathF.BitIncrement(1f)], Tensor.Of(half, Math.BitIncrement(half)).To<float>().ToArray());

        var same = Tensor.Of(1.0);
        Assert.Same(same, same.To<double>());
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.0, "-2")]
    [InlineData(1e300, "1E+300")]
    [InlineData(double.NaN, "NaN")]
    public void A_scalar_prints_as_its_number(double number, string text) => Assert.Equal(text, Tensor.Scalar(number).ToString());

    [Fact]
    public void A_tensor_prints_in_nested_brackets()
    {
        Assert.Equal("[1, 2.5]", Tensor.Of(1.0, 2.5).ToString());
        Assert.Equal("[[1, 2], [3, 4]]", Tensor.Of([2, 2], [1.0, 2, 3, 4]).ToString());
        Assert.Equal("[]", Tensor.Of<double>().ToString());
        Assert.Equal("[]", Tensor<double>.Zeros([0, 3]).ToString());
        Assert.Equal("[[], []]", Tensor<double>.Zeros([2, 0]).ToString());
        Assert.Equal("[0.1]", Tensor.Of(0.1f).ToString());
    }

    [Fact]
    public void A_long_axis_prints_abridged()
    {
        Assert.Equal("[0, 1, 2, 3, 4, 5, 6]", Tensor.Generate([7], i => (double)i).ToString());
        Assert.Equal("[0, 1, 2, …, 997, 998, 999]", Tensor.Generate([1000], i => (double)i).ToString());
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(1000, 1000)]
    [InlineData(8, 8, 8, 8, 8, 8)]
    [InlineData(2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2)]
    public void The_text_of_a_large_tensor_is_short_whatever_its_rank(params int[] extents) =>
        Assert.InRange(Tensor<double>.Zeros(Shape.Of(extents)).ToString().Length, 10, 3000);

    [Fact]
    public void Numbers_print_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal("[1.5, -2]", Tensor.Of(1.5, -2.0).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
