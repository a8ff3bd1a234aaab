using System.Linq.Expressions;

namespace FunctionalGrad;

/// <content>Operators and conversions.</content>
internal sealed partial class LambdaReader
{
    private Meaning Unary(UnaryExpression unary, Meaning operand)
    {
        switch (unary.NodeType)
        {
            case ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.TypeAs when operand is not (Meaning.Known or Meaning.Number or Meaning.Condition):
                return operand;
            case ExpressionType.ArrayLength when operand is Meaning.Entries entries:
                return new Meaning.Known(entries.Values.Length);
        }

        if (operand is Meaning.Known known)
        {
            return new Meaning.Known(Closed.Unary(unary, known.Value));
        }

        if (unary.Method is { } method && method.DeclaringType != typeof(double) && method.DeclaringType != typeof(float))
        {
            throw Unreadable(unary, $"the operator is a method of {TypeNames.Of(method.DeclaringType!)}");
        }

        return unary.NodeType switch
        {
            ExpressionType.Negate or ExpressionType.NegateChecked => new Meaning.Number(-NumberOf(operand, unary.Operand)),
            ExpressionType.UnaryPlus => operand,
            ExpressionType.Not when unary.Type == typeof(bool) => new Meaning.Condition(!ConditionOf(operand, unary.Operand)),
            ExpressionType.Convert or ExpressionType.ConvertChecked => Converted(unary, operand),
            _ => throw Unreadable(unary, $"an expression has nothing for {unary.NodeType} of {TypeNames.Of(unary.Operand.Type)}"),
        };
    }

    // An expression knows no precision, so that only conversions to whole numbers change anything.
    private Meaning Converted(UnaryExpression unary, Meaning operand)
    {
        var (from, to) = (Numbers.Bare(unary.Operand.Type), Numbers.Bare(unary.Type));
        return from == to ? operand
            : Numbers.IsReal(to) && (Numbers.IsReal(from) || Numbers.IsWhole(from)) ? operand
            : Numbers.IsWhole(to) && Numbers.IsReal(from) ? new Meaning.Number(MathFunctions.Truncate(NumberOf(operand, unary.Operand)))
            : Numbers.IsWhole(to) && Numbers.IsWhole(from) ? operand
            : throw Unreadable(unary, $"a number that depends on the arguments cannot become {TypeNames.Of(unary.Type)}");
    }

    private Meaning Binary(BinaryExpression binary, Meaning left, Meaning right)
    {
        if (binary.NodeType == ExpressionType.ArrayIndex)
        {
            return Entry(binary, left, [right]);
        }

        if (left is Meaning.Known x && right is Meaning.Known y)
        {
            return new Meaning.Known(Closed.Binary(binary, x.Value, y.Value));
        }

        if (binary.Method is { } method && method.DeclaringType != typeof(double) && method.DeclaringType != typeof(float) && method.DeclaringType != typeof(Math))
        {
            throw Unreadable(binary, $"the operator is a method of {TypeNames.Of(method.DeclaringType!)}");
        }

        if (binary.Left.Type == typeof(bool))
        {
            var (p, q) = (ConditionOf(left, binary.Left), ConditionOf(right, binary.Right));
            return new Meaning.Condition(binary.NodeType switch
            {
                ExpressionType.And => p & q,
                ExpressionType.Or => p | q,
                ExpressionType.ExclusiveOr or ExpressionType.NotEqual => Expr.NotEqual(p, q),
                ExpressionType.Equal => Expr.Equal(p, q),
                _ => throw Unreadable(binary, $"an expression has nothing for {binary.NodeType} of conditions"),
            });
        }

        var (a, b) = (NumberOf(left, binary.Left), NumberOf(right, binary.Right));
        switch (binary.NodeType)
        {
            case ExpressionType.LessThan:
                return new Meaning.Condition(a < b);
            case ExpressionType.LessThanOrEqual:
                return new Meaning.Condition(a <= b);
            case ExpressionType.GreaterThan:
                return new Meaning.Condition(a > b);
            case ExpressionType.GreaterThanOrEqual:
                return new Meaning.Condition(a >= b);
            case ExpressionType.Equal:
                return new Meaning.Condition(Expr.Equal(a, b));
            case ExpressionType.NotEqual:
                return new Meaning.Condition(Expr.NotEqual(a, b));
        }

        return new Meaning.Number(binary.NodeType switch
        {
            ExpressionType.Add or ExpressionType.AddChecked => a + b,
            ExpressionType.Subtract or ExpressionType.SubtractChecked => a - b,
            ExpressionType.Multiply or ExpressionType.MultiplyChecked => a * b,
            ExpressionType.Divide => Numbers.IsWhole(Numbers.Bare(binary.Type)) ? MathFunctions.Truncate(a / b) : a / b,
            ExpressionType.Power => right is Meaning.Known { Value: double exponent } ? Expr.Pow(a, exponent) : Expr.Pow(a, b),
            ExpressionType.Modulo => throw Unreadable(binary, "a remainder jumps, and an expression has none", "write x - y * Math.Floor(x / y), whose derivative by x is 1"),
            _ => throw Unreadable(binary, $"an expression has nothing for {binary.NodeType}"),
        });
    }
}
