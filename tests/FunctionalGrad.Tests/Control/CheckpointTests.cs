using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Control;

/// <summary>Checkpoints change when something is computed and nothing else.</summary>
public sealed class CheckpointTests
{
    private readonly Variable _x = Variable("x", [1000]);
    private readonly Variable _w = Variable("w");

    private Point<double> At => Point.Of((_w, (Tensor<double>)0.9), (_x, Tensor.Generate([1000], i => Math.Sin(i))));

    [Theory]
    [InlineData(CodeGeneration.Always)]
    [InlineData(CodeGeneration.Never)]
    public void Values_and_gradients_are_the_same_bits(CodeGeneration generation)
    {
        var (plain, checkpointed) = (Layers(8, f => f), Layers(8, Checkpoint));
        Expr[] Results(Expr value) => [value, value.Gradient(_x, _w)[_x], value.Gradient(_x, _w)[_w]];
        var (wanted, got) = (Results(plain).Compile<double>(generation).Invoke(At), Results(checkpointed).Compile<double>(generation).Invoke(At));
        var (wantedByInterpreter, gotByInterpreter) = (Interpreter<double>.Evaluate(Results(plain), At), Interpreter<double>.Evaluate(Results(checkpointed), At));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(wantedByInterpreter[i].BitEquals(gotByInterpreter[i]), $"result {i} by the interpreter");
            Assert.True(wanted[i].BitEquals(got[i]), $"result {i} compiled");
        }
    }

    [Fact]
    public void Derivatives_of_every_kind_are_those_of_the_function()
    {
        var x = Variable("x", [2]);
        var at = Point.Of((_w, (Tensor<double>)0.9), (x, Tensor.Of(0.3, 0.8)));
        Expr Function(Expr y) => Sin(y * _w) * Exp(y).Sum();
        Unrolled.AssertSame(Checkpoint(Function)(x).Sum(), Function(x).Sum(), at);
        Unrolled.AssertSame(Checkpoint(y => Checkpoint(Function)(Function(y)))(x).Sum(), Function(Function(x)).Sum(), at);
        Unrolled.AssertSame(
            Checkpoint((y, z) => y.Sum() * z + _w)(x, Exp(x)).Sum(),
            (x.Sum() * Exp(x) + _w).Sum(),
            at);
        var both = CheckpointAll(arguments => [arguments[0] * _w, (arguments[1] * arguments[0]).Sum()])([x, Sin(x)]);
        Unrolled.AssertSame(both[0].Sum() * both[1], (x * _w).Sum() * (Sin(x) * x).Sum(), at);
    }

    [Fact]
    public void Memory_falls()
    {
        long Bytes(Func<Func<Expr, Expr>, Func<Expr, Expr>> around) => Layers(16, around).CompileWithGradient<double>(_x, _w).WorkingBytes;
        var (plain, checkpointed) = (Bytes(f => f), Bytes(Checkpoint));
        Assert.InRange(checkpointed, 0, plain / 2);
    }

    [Fact]
    public void A_function_without_arguments_that_matter_and_one_that_gives_its_argument_back_work()
    {
        Assert.Equal(3, Checkpoint(x => 3)(_w).Evaluate(At).ToScalar());
        Assert.Equal(1, Checkpoint(x => x)(_w).Gradient().Evaluate(At)[_w].ToScalar());
        Assert.Equal(0, Checkpoint(x => 3)(_w).Gradient(_w).Evaluate(At)[_w].ToScalar());
        Assert.Throws<ArgumentException>(() => Checkpoint(x => null!)(_w));
    }

    // Each layer computes much on the way, and gives a vector.
    private Expr Layers(int count, Func<Func<Expr, Expr>, Func<Expr, Expr>> around)
    {
        Expr Layer(Expr y)
        {
            for (var i = 0; i < 4; i++)
            {
                y = Softplus(y * y.Sum() * 1e-3 + _w).LogSoftmax();
            }

            return y * 0.1;
        }

        Expr y = _x;
        for (var i = 0; i < count; i++)
        {
            y = around(Layer)(y);
        }

        return y.Square().Sum();
    }
}
