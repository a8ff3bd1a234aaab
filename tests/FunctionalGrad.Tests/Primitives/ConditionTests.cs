using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Primitives;

/// <summary>Choices and conditions simplify to what they were: the same values and gradients, whatever the entries hold.</summary>
public sealed class ConditionTests
{
    private static readonly Variable X = Variable("x", [9]);
    private static readonly Variable Y = Variable("y", [9]);
    private static readonly Expr Positive = X > 0;
    private static readonly Expr Small = Y < 2;
    private static readonly Expr Unequal = NotEqual(X, Y);

    private static readonly Point<double> At = Point.Of(
        (X, Tensor.Of(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 1, -2, 3, 0.5)),
        (Y, Tensor.Of(1, double.NaN, 2, double.PositiveInfinity, -1, double.NegativeInfinity, 0, 3, -0.0)));

    private static readonly Dictionary<string, (Expr From, Expr To)> Rules = new()
    {
        ["a choice between equals"] = (Select(Positive, Y, Y), Y),
        ["a choice that always holds"] = (Select(Full([9], 1), X, Y), X),
        ["a choice that never holds"] = (Select(Zeros([9]), X, Y), Y),
        ["a choice by NaN, which holds"] = (Select(Full([9], double.NaN), X, Y), X),
        ["1 where it holds"] = (Select(Positive, Full([9], 1), Zeros([9])), Positive),
        ["itself where it holds"] = (Select(Positive, Positive, Zeros([9])), Positive),
        ["itself where it does not hold"] = (Select(Positive, Full([9], 1), Positive), Positive),
        ["itself either way"] = (Select(Positive, Positive, Positive), Positive),
        ["a condition that holds"] = (NotEqual(Positive, 0), Positive),
        ["c and c"] = (Positive & Positive, Positive),
        ["c or c"] = (Positive | Positive, Positive),
        ["NaN compared"] = (NotEqual(Unequal, 0), Unequal),
    };

    private static readonly Dictionary<string, (Expr From, Expr To)> Formulas = new()
    {
        ["a choice made once before, where it holds"] =
            (Select(Positive, Select(Positive, Log(X), Sqrt(Y)), Y * X), Select(Positive, Log(X), Y * X)),
        ["a choice made once before, elsewhere"] =
            (Select(Positive, X * Y, Select(Positive, 1 / X, Exp(Y))), Select(Positive, X * Y, Exp(Y))),
        ["made before on both sides"] =
            (Select(Positive, Select(Positive, X, Log(Y)), Select(Positive, Sqrt(Y), X * X)), Select(Positive, X, X * X)),
        ["both conditions that hold"] = (NotEqual(Positive & Small, 0), Positive & Small),
        ["a choice by both conditions"] =
            (Select(NotEqual(Positive | Small, 0), X / Y, Y), Select(Positive | Small, X / Y, Y)),
    };

    // What looks like a rule's case and is none: x is no condition, so it may be other than 0 and 1, or NaN.
    private static readonly Dictionary<string, Expr> Others = new()
    {
        ["1 where a number is not 0"] = Select(X, Full([9], 1), Zeros([9])),
        ["a number where it is not 0"] = Select(X, X, Zeros([9])),
        ["a number compared with 0"] = NotEqual(X, 0),
        ["the other way round"] = Select(Positive, Zeros([9]), Full([9], 1)),
        ["a choice by another condition"] = Select(Positive, Select(Small, Log(X), Y), X * Y),
        ["a condition turned round"] = NotEqual(!Positive, Positive) * X,
    };

    public static TheoryData<string> RuleNames => [.. Rules.Keys];

    public static TheoryData<string> FormulaNames => [.. Formulas.Keys];

    public static TheoryData<string> OtherNames => [.. Others.Keys];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void A_rule_gives_the_node_itself_and_changes_nothing(string name)
    {
        var (from, to) = Rules[name];
        Assert.Same(to, from.Simplify());
        Same(from, to);
    }

    [Theory]
    [MemberData(nameof(FormulaNames))]
    public void A_choice_made_before_is_not_made_again(string name)
    {
        var (from, to) = Formulas[name];
        Assert.Equal(to.Simplify().ToString(), from.Simplify().ToString());
        Same(from, to);
        Same(from, from.Simplify());
    }

    [Theory]
    [MemberData(nameof(OtherNames))]
    public void What_is_no_condition_keeps_its_value(string name)
    {
        var simplified = Others[name].Simplify();
        Assert.NotSame(Positive, simplified);
        Assert.NotSame(X, simplified);
        Same(Others[name], simplified);
    }

    private static void Same(Expr before, Expr after)
    {
        Equal(before, after);
        foreach (var variable in (Variable[])[X, Y])
        {
            var (first, second) = (Slope(before, variable), Slope(after, variable));
            Equal(first, second);
            Equal(first, first.Simplify());
            Equal(Slope(first, variable), Slope(second, variable).Simplify());
        }
    }

    private static Expr Slope(Expr of, Variable by) =>
        (of * Tensor.Of(1.0, -2, 3, 0.5, 1, 2, -1, 4, 1)).Sum().Gradient(by)[by];

    private static void Equal(Expr left, Expr right) =>
        Assert.Equal(left.Evaluate(At).ToArray(), right.Evaluate(At).ToArray());
}
