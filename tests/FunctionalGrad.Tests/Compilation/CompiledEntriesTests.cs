using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>What is used entry by entry, and put together from entries, has the interpreter's bits.</summary>
public sealed class CompiledEntriesTests
{
    private readonly Variable _v = Variable("v", [5]);
    private readonly Variable _m = Variable("m", [2, 3]);

    private readonly Point<double> _at;

    public CompiledEntriesTests() =>
        _at = Point.Of((_v, Tensor.Of(0.5, -0.0, -1.25, 3, 1e-310)), (_m, Tensor.Of<double>([2, 3], [1.5, -0.0, 2, -0.75, 0, 4])));

    [Fact]
    public void Gradients_by_entries_agree()
    {
        var chain = Chain(_v, 5);
        Agree(chain, chain.Gradient(_v)[_v]);
    }

    [Fact]
    public void Entries_of_a_matrix_have_their_places()
    {
        Expr At(int row, int column) => _m.Slice([row, column], [1, 1]).Reshape([]);
        var f = (At(0, 1) * At(1, 2)) + (At(1, 0) * At(0, 0) * At(0, 2)) + (At(1, 1) * At(0, 1));
        Agree(f, f.Gradient(_m)[_m]);
    }

    [Fact]
    public void Entries_that_are_not_used_are_zeros()
    {
        var f = (_v.At(1) * _v.At(3)) + (_v.At(3) * _v.At(3) * _v.At(4));
        Agree(f.Gradient(_v)[_v]);
    }

    [Fact]
    public void A_negative_zero_becomes_what_adding_zeros_makes_of_it()
    {
        // The derivative by an entry is a number times −0, alone at its place.
        Expr f = 0;
        for (var i = 0; i < 5; i++)
        {
            f += _v.At(i) * StopGradient(_v.At(0) * -0.0);
        }

        var gradient = f.Gradient(_v)[_v];
        Agree(gradient);
        Assert.All(gradient.Compile<double>().Invoke(_at)[0].Values.ToArray(), entry => Assert.False(double.IsNegative(entry)));
    }

    [Fact]
    public void Second_derivatives_by_entries_agree()
    {
        var gradient = Chain(_v, 5).Gradient(_v)[_v];
        var second = (gradient.At(0) * gradient.At(2)) + gradient.At(4).Square() + (gradient.At(1) * gradient.At(3));
        Agree(second, gradient, second.Gradient(_v)[_v]);
    }

    [Fact]
    public void A_value_may_have_several_places_and_be_a_result_too()
    {
        var (square, product) = (_v.At(2) * _v.At(2), _v.At(0) * _v.At(3));
        Agree(square, Stack([square, product, square, 7, product, _v.At(1)]), product + square, Stack([product, product]));
    }

    [Fact]
    public void Parts_of_any_size_are_written_to_their_places()
    {
        var (twice, shifted) = (_v * 2, _m + 1);
        Agree(
            Concatenate([twice, _v.Slice(1..3), _v + _v.At(0), twice]),
            Concatenate([shifted, _m * _m, _m.Slice([0, 0], [1, 3]) * 3]),
            Concatenate([shifted, _m * _m], 1),
            Concatenate([(_m * 3).Transpose(), (_m - 2).Transpose()]),
            Stack([_v * 3, _v - 1, _v]),
            Stack([_v * 3, _v - 1], axis: -1).Sum(0));
    }

    [Fact]
    public void What_reads_a_part_again_finds_it()
    {
        var (a, b) = (_v * _v, _v + 3);
        var joined = Concatenate([a, b]);
        Agree(joined, joined * 2, a - b, Concatenate([b, joined, a * b]));
    }

    [Fact]
    public void A_large_tensor_of_which_few_entries_are_used_is_not_taken_apart()
    {
        var large = Variable("large", [10_000]);
        var f = large.At(17) * large.At(9_000);
        var compiled = f.Gradient(large)[large].Compile<double>();
        Assert.Contains("assembly", compiled.ToString(), StringComparison.Ordinal);
        var values = new double[10_000];
        (values[17], values[9_000]) = (3, 5);
        var gradient = compiled.Invoke(Point.Of((large, Tensor.Of<double>(values))))[0].Values;
        Assert.Equal(5, gradient[17]);
        Assert.Equal(3, gradient[9_000]);
        Assert.Equal(8, gradient.ToArray().Sum());
    }

    [Fact]
    public void Long_chains_over_entries_agree()
    {
        var x = Variable("x", [400]);
        var random = new Random(1);
        var chain = Chain(x, 400);
        var at = Point.Of((x, Tensor.Of<double>([.. Enumerable.Range(0, 400).Select(_ => random.NextDouble() - 0.5)])));
        Assert.Empty(Agreement.Differences([chain, chain.Gradient(x)[x]], at, 0));
    }

    private static Expr Chain(Variable x, int n)
    {
        Expr sum = 0;
        for (var i = 0; i + 1 < n; i++)
        {
            sum += (100 * (x.At(i + 1) - x.At(i).Square()).Square()) + (1 - x.At(i)).Square();
        }

        return sum;
    }

    private void Agree(params Expr[] expressions) => Assert.Empty(Agreement.Differences(expressions, _at, 0));
}
