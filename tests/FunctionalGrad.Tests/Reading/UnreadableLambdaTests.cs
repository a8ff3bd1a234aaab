using System.Linq.Expressions;
using Xunit;

namespace FunctionalGrad.Tests.Reading;

/// <summary>What cannot be read is named as C# writes it, with what to do.</summary>
public class UnreadableLambdaTests
{
    private const string Tracing =
        "write the function over Expr instead, as in Differentiate.Gradient((x, y) => Expr.Sin(x * y) + x * x), which runs your code on expressions and so follows any code";

    private static readonly double[] Table = [1, 2, 3];
    private static readonly Func<double, double> Opaque = x => x;
    private static readonly string? Nothing = null;

    [Fact]
    public void A_call_of_somebody_s_method() => Says(
        x => 1 + Twice(x * 2),
        "cannot read `UnreadableLambdaTests.Twice(x * 2)`: the tree holds a call of Twice and not what it does; " + Tracing);

    [Fact]
    public void A_delegate() => Says(
        x => Math.Sin(Opaque(x + 1)),
        "cannot read `UnreadableLambdaTests.Opaque(x + 1)`: a delegate holds machine code, and what it does cannot be read from it; "
        + "hold the function as an Expression<Func<…>> and call f.Compile()(…), or " + Tracing);

    [Fact]
    public void A_remainder() => Says(
        x => (x + 1) % 2,
        "cannot read `(x + 1) % 2`: a remainder jumps, and an expression has none; write x - y * Math.Floor(x / y), whose derivative by x is 1");

    [Fact]
    public void An_index_that_depends_on_the_argument() => Says(
        x => Table[(int)x],
        "cannot read `UnreadableLambdaTests.Table[(int)x]`: the index depends on the arguments; use indices that are known when the lambda is read, or write the function over Expr with Gather");

    [Fact]
    public void An_index_outside() => Says(
        x => x * Table[7],
        "cannot read `UnreadableLambdaTests.Table[7]`: the index 7 is outside of the array; use an index that it has");

    [Fact]
    public void A_function_without_a_useful_derivative() => Says(
        x => Math.BitIncrement(-x),
        "cannot read `Math.BitIncrement(-x)`: Math.BitIncrement has no derivative that would be of use; " + Tracing);

    [Fact]
    public void An_argument_that_must_be_known() => Says(
        x => Math.Round(x, (int)x),
        "cannot read `Math.Round(x, (int)x)`: an argument of it must be known when the lambda is read, and within its range; use a constant there");

    [Fact]
    public void Another_type_of_number() => Says(
        x => (double)((decimal)x * 2m),
        "cannot read `(decimal)x`: the operator is a method of decimal; " + Tracing);

    [Fact]
    public void A_sum_over_a_sequence() => Says(
        x => new[] { x, 2 }.Sum(),
        "cannot read `new[] { x, 2 }.Sum()`: the tree holds a call of Sum and not what it does; " + Tracing);

    [Fact]
    public void A_method_of_the_number() => Says(
        x => x > 0 && !x.Equals(2) ? 1 : 0,
        "cannot read `x.Equals(2)`: Equals is no function of numbers; " + Tracing);

    [Fact]
    public void A_closed_part_that_throws() => Says(
        x => x * double.Parse("one"),
        "cannot read `double.Parse(\"one\")`: it does not depend on the arguments, so it was evaluated when the lambda was read, and threw "
        + "FormatException: The input string 'one' was not in a correct format.; put that right, or compute it before the lambda");

    [Fact]
    public void A_null() => Says(
        x => x * Nothing!.Length,
        "cannot read `UnreadableLambdaTests.Nothing.Length`: UnreadableLambdaTests.Nothing is null when the lambda is read; set it before");

    [Fact]
    public void A_choice_of_something_that_is_no_number() => Says(
        x => (x > 0 ? "positive" : "negative").Length,
        "cannot read `\"positive\"`: it is of type string where a number is needed; " + Tracing);

    [Fact]
    public void An_expression_inside()
    {
        Expr inner = 2;
        Says(
            x => (double)(object)inner,
            "cannot read `(double)inner`: it does not depend on the arguments, so it was evaluated when the lambda was read, and threw "
            + "InvalidCastException: Unable to cast object of type 'FunctionalGrad.Constant' to type 'System.Double'.; put that right, or compute it before the lambda");
    }

    [Fact]
    public void A_node_of_a_tree_that_a_program_made()
    {
        var x = Expression.Parameter(typeof(double), "x");
        var tree = Expression.Lambda<Func<double, double>>(Expression.Block(x, Expression.Multiply(x, x)), x);
        Says(tree, "cannot read `Block`: an expression has nothing for Block; " + Tracing);
    }

    [Fact]
    public void A_parameter_of_another_lambda()
    {
        var (x, y) = (Expression.Parameter(typeof(double), "x"), Expression.Parameter(typeof(double), "y"));
        Says(Expression.Lambda<Func<double, double>>(y, x), "cannot read `y`: it is a parameter of another lambda; " + Tracing);
    }

    [Fact]
    public void What_is_deep_is_left_out()
    {
        var x = Expression.Parameter(typeof(double), "x");
        Expression sum = x;
        for (var i = 0; i < 100_000; i++)
        {
            sum = Expression.Add(sum, x);
        }

        var tree = Expression.Lambda<Func<double, double>>(Expression.Call(typeof(UnreadableLambdaTests), nameof(Twice), [], sum), x);
        Assert.Equal(
            "UnreadableLambdaTests.Twice(… + … + x + x + x + x + x + x + x + x + x + x + x)",
            Assert.Throws<UnreadableExpressionException>(() => Differentiate.Lambda(tree)).Part);
    }

    [Fact]
    public void An_array_s_index_outside() => Assert.Equal(
        "cannot read `x[2]`: the index 2 is outside of an array of 2 numbers; give Differentiate.Lambda the length that the array has",
        Assert.Throws<UnreadableExpressionException>(() => Differentiate.Lambda(2, (double[] x) => x[0] * x[2])).Message);

    [Fact]
    public void An_array_of_another_length_is_refused() => Assert.StartsWith(
        "x has 3 numbers, and the function was made for 2; give as many, or make one for 3",
        Assert.Throws<ArgumentException>(() => Differentiate.Lambda(2, (double[] x) => x[0] * x[1]).Value([1, 2, 3])).Message);

    // Public, as the method of a user would be.
    public static double Twice(double x) => 2 * x;

    private static void Says(Expression<Func<double, double>> lambda, string message) =>
        Assert.Equal(message, Assert.Throws<UnreadableExpressionException>(() => Differentiate.Lambda(lambda)).Message);
}
