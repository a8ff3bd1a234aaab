using FunctionalGrad.Tests.Compilation;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Control;

/// <summary>A batch of loops is the loops of the examples side by side, each as long as its own.</summary>
public sealed class BatchedLoopTests
{
    private readonly Variable _w = Variable("w");

    [Fact]
    public void Folds_scans_and_checkpoints()
    {
        var xs = Variable("xs", [4, 5]);
        AssertSame(x => Fold(_w, x, (s, item) => Sin(s) * _w + item, checkpointEvery: 2), xs);
        AssertSame(x => Scan(x.At(0), x, (s, item) => s * item), xs);
        AssertSame(x => Scan(0, Zeros([3]), (s, item) => s + _w) * x.Sum(), xs);
        AssertSame(x => Checkpoint(y => Exp(y) * _w)(x), xs);
        AssertSame(x => Repeat((x.At(0), _w), 3, pair => (pair.First * pair.Second, pair.Second + 1)).First, xs);
    }

    [Fact]
    public void Each_example_of_a_while_stops_by_itself()
    {
        // 3, 2, 1 and 0 steps.
        var xs = Variable("xs", [4, 2]);
        AssertSame(x => While(x * 8, s => s.Sum() > 1, s => s / 2 * _w, most: 30), xs);
        var counts = Differentiate.Batch(x => While((x, Constant(0)), s => s.First >= 1, s => (s.First / 2, s.Second + 1), most: 30).Second);
        Assert.Equal("[0, 1, 4, 11]", counts(Tensor.Of(0.5, 1.5, 10, 2000)).Evaluate().ToString());
        Assert.Equal("[0, 1, 4, 11]", counts(Tensor.Of(0.5, 1.5, 10, 2000)).Compile<double>().Invoke(Point<double>.Empty)[0].ToString());
    }

    [Fact]
    public void Fixed_points()
    {
        var xs = Variable("xs", [3, 2]);
        AssertSame(x => Iterate(1, y => (y + (x.Square().Sum() + _w) / y) / 2), xs);
        AssertSame(x => Iterate(x, y => Tanh(y) * 0.25 + x * _w), xs);
    }

    private void AssertSame(Func<Expr, Expr> function, Variable examples)
    {
        var batch = Differentiate.Batch(function)(examples);
        var apart = Stack([.. Enumerable.Range(0, examples.Shape[0]).Select(i => function(examples.At(i)))]);
        var at = Point.Of((_w, (Tensor<double>)0.9), (examples, Tensor.Generate(examples.Shape, i => 0.75 + 0.5 * Math.Sin(i))));
        Assert.Equal(apart.Shape, batch.Shape);
        Unrolled.AssertClose(apart.Evaluate(at), batch.Evaluate(at), "the value");
        Unrolled.AssertSame(batch.Square().Sum() + _w, apart.Square().Sum() + _w, at);

        var gradients = Differentiate.Batch(Differentiate.Gradient(x => function(x).Square().Sum()))(examples);
        var gradientsApart = Stack([.. Enumerable.Range(0, examples.Shape[0]).Select(i => Differentiate.Gradient(x => function(x).Square().Sum())(examples.At(i)))]);
        Unrolled.AssertClose(gradientsApart.Evaluate(at), gradients.Evaluate(at), "the gradient of each example");
        Assert.Empty(Agreement.Differences([gradients], at, 1e-13));
    }
}
