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
    public void A_program_prints_its_steps()
    {
        var x = Variable("x", [2, 3]);
        var text = (x.MatMul(x.Transpose()) + 1).Compile<double>().ToString();
        Assert.Contains("variable x [2, 3]", text);
        Assert.Contains("product [1, 2, 3] × [1, 3, 2]", text);
        Assert.Contains("add(", text);
        Assert.Contains("return ", text);
    }
}
