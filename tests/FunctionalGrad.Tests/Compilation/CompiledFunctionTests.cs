using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Compiled functions as values: pure, safe from any thread, with the interpreter's errors.</summary>
public sealed class CompiledFunctionTests
{
    [Fact]
    public void A_value_and_its_gradient_come_from_one_call()
    {
        var w = Variable("w");
        var (value, gradient) = (w * 3 - 3).Square().CompileWithGradient<double>().Invoke(Point.Of((w, 2.0)));
        Assert.Equal(9, value);
        Assert.Equal(18, gradient[w].ToScalar());
    }

    [Fact]
    public void Eight_threads_get_the_same_bits_and_results_are_never_overwritten()
    {
        var x = Variable("x", [32, 16]);
        var w = Variable("w", [16, 8]);
        var f = new[] { Relu(x.MatMul(w)).Softmax(-1), (x * x).Sum(0) }.Compile<double>();
        var points = Enumerable.Range(0, 8).Select(i => Point.Of(
            (x, Tensor.Generate([32, 16], k => Math.Sin(k + i))), (w, Tensor.Generate([16, 8], k => Math.Cos(k * i + 1.0))))).ToArray();
        var wanted = points.Select(point => f.Invoke(point)).ToArray();
        Parallel.For(0, 400, i =>
        {
            var got = f.Invoke(points[i % 8]);
            for (var k = 0; k < got.Length; k++)
            {
                Assert.True(got[k].BitEquals(wanted[i % 8][k]));
            }
        });
    }

    [Fact]
    public void Buffers_share_memory_once_they_are_no_longer_read()
    {
        var x = Variable("x", [100, 100]);
        Expr y = x;
        for (var i = 0; i < 20; i++)
        {
            y = y.MatMul(x) * 0.01;
        }

        var bytes = y.Compile<double>().WorkingBytes;
        Assert.True(bytes <= 4 * 100 * 100 * sizeof(double), $"{bytes} bytes for a chain that needs three matrices at a time");
    }

    [Fact]
    public void A_lacking_variable_is_found_before_any_work()
    {
        var x = Variable("x");
        var error = Assert.Throws<UnboundVariableException>(() => (x * 2).Compile<double>().Invoke(Point<double>.Empty));
        Assert.Contains("assigns nothing to x", error.Message);
    }

    [Fact]
    public void Indices_are_checked_as_the_interpreter_checks_them()
    {
        var table = Variable("table", [4, 2]);
        var at = Variable("at", [3]);
        var f = table.Gather(at, 0).Compile<double>();
        var numbers = Tensor.Generate([4, 2], i => (double)i);
        Assert.Equal(Tensor.Of([3, 2], [2.0, 3, 0, 1, 6, 7]), f.Invoke(Point.Of((table, numbers), (at, Tensor.Of(1.0, 0, 3))))[0]);
        var error = Assert.Throws<IndexOutsideException>(() => f.Invoke(Point.Of((table, numbers), (at, Tensor.Of(1.0, 4, 3)))));
        Assert.Contains("index 4 (entry 1 of at) is out of range", error.Message);
        Assert.Throws<IndexOutsideException>(() => table.Gather(Tensor.Of(0.5), 0).Compile<double>());
    }

    [Fact]
    public void A_users_primitive_may_keep_what_it_is_given()
    {
        var kept = new List<Tensor<double>>();
        var primitive = Primitive.Define(
            "kept", shapes => shapes[0], operands => Keep(operands[0]), new Rule.Linear((node, operand, cotangent) => cotangent), [[new Operand([2], Domain.Real)]]);
        var x = Variable("x", [2]);
        var f = (primitive.Apply(x * 2) + primitive.Apply(x * 3)).Compile<double>();
        f.Invoke(Point.Of((x, Tensor.Of(1.0, 2))));
        var texts = kept.Select(tensor => tensor.ToString()).ToArray();
        f.Invoke(Point.Of((x, Tensor.Of(5.0, 6))));
        Assert.Equal(texts, kept.Take(2).Select(tensor => tensor.ToString()));

        Tensor<double> Keep(Tensor<double> operand)
        {
            kept.Add(operand);
            return operand;
        }
    }

    [Fact]
    public void One_number_in_several_shapes_keeps_each()
    {
        Expr zero = 0;
        Expr[] expressions = [zero, zero.BroadcastTo([2, 1]), zero.BroadcastTo([2, 1]).Reshape([2]), zero.BroadcastTo([3])];
        Assert.Empty(Agreement.Differences(expressions, Point<double>.Empty, 0));
    }

    [Fact]
    public void Graphs_of_equal_form_share_a_program_and_keep_their_own_variables()
    {
        static (Variable X, Variable Y, CompiledFunction<double> F) Build(string x, string y, double factor)
        {
            var (a, b) = (Variable(x, [3]), Variable(y, [3]));
            return (a, b, ((a - factor * b).Square().Sum() + b.Sum()).Compile<double>());
        }

        var first = Build("a", "b", 2);
        var second = Build("c", "d", 2);
        var third = Build("e", "f", 3);
        foreach (var (x, y, f) in new[] { second, first, third })
        {
            var at = Point.Of((x, Tensor.Of(1.0, 2, 3)), (y, Tensor.Of(0.5, 0.25, -1)));
            var factor = ReferenceEquals(f, third.F) ? 3 : 2;
            var wanted = new[] { 1.0, 2, 3 }.Zip(new[] { 0.5, 0.25, -1 }, (p, q) => Math.Pow(p - (factor * q), 2)).Sum() - 0.25;
            Assert.Equal(wanted, f.Invoke(at)[0].ToScalar(), 12);
            Assert.Contains($"variable {x.Name} [3]", f.ToString());
            Assert.Contains($"variable {y.Name} [3]", f.ToString());
        }
    }

    [Fact]
    public void A_warm_call_allocates_what_it_returns()
    {
        var x = Variable("x", [64, 32]);
        var w = Variable("w", [32, 16]);
        var loss = (Relu(x.MatMul(w)) * 3 + 1).Square().Sum();
        var f = new[] { loss, loss.Gradient()[w] }.Compile<double>(CodeGeneration.Always);
        var at = Point.Of((x, Tensor.Generate([64, 32], i => Math.Sin(i))), (w, Tensor.Generate([32, 16], i => Math.Cos(i))));
        f.Invoke(at);
        f.Invoke(at);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            f.Invoke(at);
        }

        var perCall = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.InRange(perCall, 0, ((32 * 16) + 1) * sizeof(double) + 500);
    }

    [Fact]
    public void A_program_prints_its_steps()
    {
        var x = Variable("x", [2, 3]);
        var text = (x.MatMul(x.Transpose()) + 1).Compile<double>().ToString();
        Assert.Contains("variable x [2, 3]", text);
        Assert.Contains("product [1, 2, 3] × [1, 3, 2]", text);
        Assert.Contains("memory of ", text);
        Assert.Contains("add(", text);
        Assert.Contains("24 flop", text);
        Assert.Contains("return b", text);
    }
}
