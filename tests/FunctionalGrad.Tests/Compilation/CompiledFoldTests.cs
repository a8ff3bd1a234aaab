using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>A fold gives what its steps give one by one, and leaves what it was given alone.</summary>
public sealed class CompiledFoldTests
{
    private static readonly Variable A = Variable("a", [3]);
    private static readonly Variable B = Variable("b", [2]);
    private static readonly Variable Rate = Variable("rate");

    [Fact]
    public void A_fold_is_bit_equal_to_its_steps_one_by_one()
    {
        CompiledFunction<double>[] functions =
        [
            new Expr[] { A - Rate * Sin(A), B * 0.9, A.Sum() + B.Sum() }.Compile<double>(),
            new Expr[] { A, B + A.Sum() * Rate, A }.Compile<double>(),
            new Expr[] { A.Permute([0]), Constant(Tensor.Of(1.0, 2)), B }.Compile<double>(),
        ];
        var initial = Point.Of((A, Tensor.Of(0.1, 0.2, 0.3)), (B, Tensor.Of(1.0, -1)));
        var before = initial.ToString();
        var steps = Enumerable.Range(0, 25).Select(i => new FoldStep<double>(functions[i % 7 % 3], Point.Of((Rate, 0.01 * i)))).ToArray();

        var state = initial;
        var observed = new List<Tensor<double>>();
        foreach (var step in steps)
        {
            var results = step.Function.Invoke(state.With(step.Data));
            observed.Add(results[2]);
            state = Point.Of((A, results[0]), (B, results[1]));
        }

        var fold = CompiledFold.Run(initial, steps);
        Assert.Equal(state.ToString(), fold.State.ToString());
        Assert.True(state[A].BitEquals(fold.State[A]) && state[B].BitEquals(fold.State[B]));
        Assert.All(observed.Zip(fold.Observed), pair => Assert.True(pair.First.BitEquals(pair.Second[0])));
        Assert.Equal(before, initial.ToString());
        Assert.Equal(initial, CompiledFold.Run(initial, []).State);
    }

    [Fact]
    public void What_does_not_fit_the_state_is_refused()
    {
        var initial = Point.Of((A, Tensor.Of(0.1, 0.2, 0.3)), (B, Tensor.Of(1.0, -1)));
        var data = Point.Of((Rate, 0.5));
        var tooFew = Assert.Throws<ArgumentException>(() => CompiledFold.Run(initial, [new(A.Compile<double>(), data)]));
        Assert.Contains("returns 1 results and the state has 2 variables", tooFew.Message);
        var shape = Assert.Throws<ShapeException>(() => CompiledFold.Run(initial, [new(new Expr[] { B, A }.Compile<double>(), data)]));
        Assert.Contains("should become a", shape.Message);
        var twice = Assert.Throws<ArgumentException>(
            () => CompiledFold.Run(initial, [new(new Expr[] { A, B }.Compile<double>(), Point.Of((A, Tensor.Of(1.0, 2, 3))))]));
        Assert.Contains("assigns a, which is part of the state", twice.Message);
        Assert.Throws<UnboundVariableException>(
            () => CompiledFold.Run(initial, [new(new Expr[] { A * Rate, B }.Compile<double>(), Point<double>.Empty)]));
    }
}
