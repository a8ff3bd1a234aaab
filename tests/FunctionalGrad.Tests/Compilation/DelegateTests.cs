using System.Numerics;
using Xunit;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Plain delegates give the bits of compiled functions, with and without code of their own.</summary>
public class DelegateTests
{
    private static readonly double[] Values = [-2.5, -1, -0.0, 0, 0.3, 1, 2.75, 40, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    public static TheoryData<string> Names => [.. Primitives.Select(primitive => primitive.ToString())];

    private static IEnumerable<Primitive> Primitives => Primitive.All.Where(primitive => primitive.Examples.Any(example =>
        example.Operands.All(operand => operand.Shape.IsScalar) && primitive.InferShape([.. example.Operands.Select(operand => operand.Shape)]).IsScalar));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_primitive_and_its_partials_in_double_precision(string name) => Agree<double>(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_primitive_and_its_partials_in_single_precision(string name) => Agree<float>(name);

    [Fact]
    public void A_long_graph_is_cut_into_several_methods()
    {
        var (x, y) = (Expr.Variable("x"), Expr.Variable("y"));
        var sum = x;
        Expr value = sum;
        for (var i = 0; i < 3_000; i++)
        {
            value = i % 3 == 0 ? value * 0.99 + y : i % 3 == 1 ? Expr.Sin(value) : value + (x * y);
        }

        var gradient = value.Gradient(x, y);
        Expr[] all = [value, gradient[x], gradient[y], x, 3];
        var function = all.ToDelegate<Func<double, double, (double, (double, double), double, double)>>(x, y);
        var wanted = all.Compile<double>().Invoke(Point.Of((x, 0.25), (y, 0.5)));
        var (first, (byX, byY), third, fourth) = function(0.25, 0.5);
        Assert.Equal([.. wanted.Select(result => result.ToScalar())], (double[])[first, byX, byY, third, fourth]);

        // Calls at the same time have memory of their own.
        var results = new double[64];
        Parallel.For(0, results.Length, i => results[i] = function(i / 64.0, 0.5).Item1);
        for (var i = 0; i < results.Length; i++)
        {
            Assert.Equal(function(i / 64.0, 0.5).Item1, results[i]);
        }
    }

    // The last angle alone is beyond what the formula for sine and cosine reaches.
    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void Angles_that_straight_line_code_does_not_reach_give_the_same_bits(int joints)
    {
        var x = Expr.Variable("x", [joints]);
        Expr sum = 0;
        for (var i = 0; i < joints; i++)
        {
            sum += (Expr.Sin(x.At(i)) * Expr.Cos(x.At(i))) + Expr.Tan(x.At(i));
        }

        Expr[] all = [sum, sum.Gradient(x)[x]];
        var function = all.ToDelegate<Func<double[], (double, double[])>>(CodeGeneration.Always, x);
        var without = all.ToDelegate<Func<double[], (double, double[])>>(CodeGeneration.Never, x);
        var inSteps = all.Compile<double>(CodeGeneration.Always);
        foreach (var last in (double[])[1, 1e10, -1e300, double.PositiveInfinity, double.NaN])
        {
            double[] at = [.. Enumerable.Range(0, joints - 1).Select(i => 0.1 * i), last];
            var (number, gradient) = function(at);
            var (wanted, gradientWanted) = without(at);
            Assert.Equal(wanted, number);
            Assert.Equal(gradientWanted, gradient);
            var results = inSteps.Invoke(Point.Of((x, Tensor.Of<double>(at))));
            Assert.Equal(wanted, results[0].ToScalar());
            Assert.Equal(gradientWanted, results[1].ToArray());
            var slope = (2 * Math.Pow(Math.Cos(last), 2)) + Math.Pow(Math.Tan(last), 2);
            Assert.Equal(slope, gradient[^1], double.IsNaN(slope) ? 0 : 1e-9 * slope);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void Choices_within_choices_share_what_several_branches_need(int depth)
    {
        var (x, y) = (Expr.Variable("x"), Expr.Variable("y"));
        var (shared, twice) = (Expr.Exp(x * y), Expr.Log(1 + x.Square()));
        var value = shared;
        for (var i = 0; i < depth; i++)
        {
            var (one, other) = (Expr.Sin(value + i) * shared, Expr.Erf(value * y) + twice);
            value = Expr.Select(x > i - (depth / 2), i % 3 == 0 ? one + other : one, i % 2 == 0 ? other : value - Expr.Atan(y * i)) + (x * y);
        }

        var gradient = value.Gradient(x, y);
        Expr[] all = [value, gradient[x], gradient[y], twice];
        var function = all.ToDelegate<Func<double, double, (double, double, double, double)>>(CodeGeneration.Always, x, y);
        var without = all.ToDelegate<Func<double, double, (double, double, double, double)>>(CodeGeneration.Never, x, y);
        for (var i = -50; i <= 50; i++)
        {
            Assert.Equal(without(i / 2.0, 0.3), function(i / 2.0, 0.3));
            Assert.Equal(without(i * 1e9, -1e-9), function(i * 1e9, -1e-9));
        }
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var (x, y) = (Expr.Variable("x"), Expr.Variable("y"));
        var value = Expr.Sin(x * y) + x.Square();
        var gradient = value.Gradient(x, y);
        Expr[] all = [value, gradient[x], gradient[y]];
        var function = all.ToDelegate<Func<double, double, (double, (double, double))>>(x, y);
        var sum = function(1, 2).Item1;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            sum += function(i, 2).Item1;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(double.IsFinite(sum));
    }

    [Fact]
    public void Entries_of_arrays_and_tensors_are_read()
    {
        var x = Expr.Variable("x", [3]);
        var value = x.At(0) * x.At(2) - x.At(1);
        Assert.Equal(3, value.ToDelegate<Func<double[], double>>(x)([2, 5, 4]));
        Assert.Equal(3, value.ToDelegate<Func<Tensor<double>, double>>(x)(Tensor.Of(2.0, 5, 4)));
        Assert.Equal(3f, value.ToDelegate<Func<float[], float>>(x)([2, 5, 4]));
        Assert.Throws<ArgumentNullException>(() => value.ToDelegate<Func<double[], double>>(x)(null!));
        Assert.Throws<ShapeException>(() => value.ToDelegate<Func<Tensor<double>, double>>(x)(Tensor.Of(1.0, 2)));
    }

    [Fact]
    public void A_graph_with_tensors_runs_behind_a_delegate()
    {
        var (a, x) = (Expr.Variable("a"), Expr.Variable("x", [3]));
        var value = (a * x.Square()).Sum();
        var gradient = value.Gradient(a, x);
        Expr[] all = [value, gradient[a], gradient[x]];
        var function = all.ToDelegate<Func<double, Tensor<double>, (double, (double, Tensor<double>))>>(a, x);
        Assert.Equal("(28, (14, [4, 8, 12]))", function(2, Tensor.Of(1.0, 2, 3)).ToString());
        Assert.Equal(28, value.ToDelegate<Func<double, double[], double>>(a, x)(2, [1, 2, 3]));
    }

    [Theory]
    [InlineData(CodeGeneration.Always)]
    [InlineData(CodeGeneration.Never)]
    public void An_array_takes_what_remains(CodeGeneration generation)
    {
        Variable[] x = [.. Enumerable.Range(0, 3).Select(i => Expr.Variable($"x{i}"))];
        var value = x[0] * x[1] * x[2];
        Expr[] all = [value, .. value.Gradient(x).Values];
        var (number, gradient) = all.ToDelegate<Func<double, double, double, (double, double[])>>(generation, x)(2, 3, 4);
        Assert.Equal(24, number);
        Assert.Equal([12, 8, 6], gradient);
        Assert.Equal([24, 12, 8, 6], all.ToDelegate<Func<double, double, double, double[]>>(generation, x)(2, 3, 4));
    }

    [Theory]
    [InlineData(CodeGeneration.Always)]
    [InlineData(CodeGeneration.Never)]
    public void The_gradient_by_a_vector_is_an_array_or_a_tensor(CodeGeneration generation)
    {
        var v = Expr.Variable("v", [4]);
        var value = (v.At(0) * v.At(1) * v.At(3)) + v.At(2).Square() + Expr.Sin(v.At(1));
        Expr[] all = [value, value.Gradient(v)[v]];
        var (number, gradient) = all.ToDelegate<Func<double[], (double, double[])>>(generation, v)([2, 0, 4, 5]);
        Assert.Equal(16, number);
        Assert.Equal([0, 11, 8, 0], gradient);
        Assert.Equal([0, 11, 8, 0], all[1..].ToDelegate<Func<double[], double[]>>(generation, v)([2, 0, 4, 5]));
        Assert.Equal("(16, [0, 11, 8, 0])", all.ToDelegate<Func<double[], (double, Tensor<double>)>>(generation, v)([2, 0, 4, 5]).ToString());
        Assert.Equal([2.0, 0], v.Slice(..2).ToDelegate<Func<double[], double[]>>(generation, v)([2, 0, 4, 5]));
        Assert.Equal([2.0, 0, 4, 5], ((Expr)v).ToDelegate<Func<double[], double[]>>(generation, v)([2, 0, 4, 5]));
    }

    [Fact]
    public void The_gradient_of_a_long_chain_is_an_array()
    {
        var v = Expr.Variable("v", [300]);
        Expr value = 0;
        for (var i = 0; i + 1 < 300; i++)
        {
            value += v.At(i) * v.At(i + 1).Square();
        }

        Expr[] all = [value, value.Gradient(v)[v]];
        double[] at = [.. Enumerable.Range(0, 300).Select(i => Math.Sin(i))];
        var (number, gradient) = all.ToDelegate<Func<double[], (double, double[])>>(v)(at);
        var wanted = Interpreter<double>.Evaluate(all, Point.Of((v, Tensor.Of<double>(at))));
        Assert.Equal(wanted[0].ToScalar(), number);
        Assert.Equal(wanted[1].ToArray(), gradient);
    }

    [Fact]
    public void A_delegate_type_of_one_s_own()
    {
        var x = Expr.Variable("x");
        Assert.Equal(6, (2 * x).ToDelegate<Curve>(x)(3));
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        var (x, y, v) = (Expr.Variable("x"), Expr.Variable("y"), Expr.Variable("v", [2]));
        Fails(
            () => (x * y).ToDelegate<Func<double, double>>(x),
            "delegate: the expression depends on y, which is none of the arguments (x); add it to them, or substitute a value for it");
        Fails(
            () => x.ToDelegate<Func<double, double>>(x, y),
            "delegate: Func<double, double> takes 1 arguments and 2 variables are given; give the variable of each argument, in order");
        Fails(
            () => v.Sum().ToDelegate<Func<double, double>>(v),
            "delegate: argument 1 of Func<double, double> is double and its variable v has shape [2]; a scalar is double, a vector double[] or Tensor<double>, and any other shape Tensor<double>");
        Fails(
            () => v.ToDelegate<Func<double[], double>>(v),
            "delegate: Func<double[], double> returns a number as result 1, and the expression for it has shape [2]; reduce it with Sum, or return Tensor<double>");
        Fails(
            () => x.ToDelegate<Func<double, int>>(x),
            "delegate: Func<double, int> returns int; a delegate of expressions returns double, Tensor<double> or a tuple of these, of which the last may be a double[], or the same of float");
        Fails(
            () => x.ToDelegate<Func<double, (double, float)>>(x),
            "delegate: Func<double, (double, float)> returns (double, float); a delegate of expressions returns double, Tensor<double> or a tuple of these, of which the last may be a double[], or the same of float");
        Fails(
            () => x.ToDelegate<Func<double, (double, double)>>(x),
            "delegate: Func<double, (double, double)> returns 2 results and 1 expressions are given; give an expression for each, in order");
        Fails(
            () => x.ToDelegate<Func<float, double>>(x),
            "delegate: argument 1 of Func<float, double> is float and its variable x has shape []; a scalar is double, a vector double[] or Tensor<double>, and any other shape Tensor<double>");
    }

    private delegate double Curve(double at);

    private static void Fails(Action action, string message) => Assert.Equal(message, Assert.ThrowsAny<Exception>(action).Message);

    // The value and all partials, at ordinary and at special numbers.
    private static void Agree<T>(string name)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var primitive = Primitives.First(candidate => candidate.ToString() == name);
        var count = primitive.Examples[0].Operands.Length;
        Variable[] variables = [.. Enumerable.Range(0, count).Select(i => Expr.Variable($"x{i + 1}"))];
        var value = primitive.Apply(variables);
        Expr[] all = [value, .. value.Gradient(variables).Values];
        foreach (var generation in (CodeGeneration[])[CodeGeneration.Always, CodeGeneration.Never])
        {
            Func<T[], T>[] functions = [.. all.Select(expression => Delegate<T>(expression, generation, variables))];
            foreach (var numbers in Points(count))
            {
                T[] at = [.. numbers.Select(T.CreateTruncating)];
                var wanted = all.Compile<T>().Invoke(Point.Of([.. variables.Select((variable, i) => (variable, Tensor.Scalar(at[i])))]));
                for (var i = 0; i < all.Length; i++)
                {
                    Assert.True(
                        Same(wanted[i].ToScalar(), functions[i](at)),
                        $"{all[i]} at {string.Join(", ", at)} with {generation}: {functions[i](at):R} instead of {wanted[i].ToScalar():R}");
                }
            }
        }
    }

    private static bool Same<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.IsNaN(x) ? T.IsNaN(y) : x == y && T.IsNegative(x) == T.IsNegative(y);

    private static Func<T[], T> Delegate<T>(Expr expression, CodeGeneration generation, Variable[] variables)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        switch (variables.Length)
        {
            case 1:
                var one = expression.ToDelegate<Func<T, T>>(generation, variables);
                return x => one(x[0]);
            case 2:
                var two = expression.ToDelegate<Func<T, T, T>>(generation, variables);
                return x => two(x[0], x[1]);
            default:
                var three = expression.ToDelegate<Func<T, T, T, T>>(generation, variables);
                return x => three(x[0], x[1], x[2]);
        }
    }

    private static IEnumerable<double[]> Points(int count) => count switch
    {
        1 => Values.Select(x => new[] { x }),
        2 => from x in Values from y in Values select new[] { x, y },
        _ => from x in Values from y in Values from z in Values where x + y != 0 select new[] { x, y, z },
    };
}
