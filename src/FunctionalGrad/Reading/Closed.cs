using System.Linq.Expressions;
using System.Reflection;

namespace FunctionalGrad;

/// <summary>Evaluates parts of trees that do not depend on the arguments of the lambda, a node at a time.</summary>
internal static class Closed
{
    public static object? Field(MemberExpression member, object? target) => member.Member switch
    {
        _ when target is null && member.Expression is not null => throw LambdaReader.Unreadable(
            member, $"{CSharpText.Of(member.Expression)} is null when the lambda is read", "set it before"),
        FieldInfo field => field.GetValue(target),
        var property => Called(member, () => ((PropertyInfo)property).GetValue(target)),
    };

    public static object? Unary(UnaryExpression unary, object? operand) => (unary.NodeType, operand) switch
    {
        (ExpressionType.Convert, int whole) when unary.Type == typeof(double) => (double)whole,
        (ExpressionType.Convert, float single) when unary.Type == typeof(double) => (double)single,
        (ExpressionType.Convert, _) when unary.Type.IsInstanceOfType(operand) => operand,
        (ExpressionType.Negate, double number) => -number,
        _ => Evaluated(unary, Expression.MakeUnary(unary.NodeType, Constant(unary.Operand, operand), unary.Type, unary.Method)),
    };

    public static object? Binary(BinaryExpression binary, object? left, object? right) => (binary.NodeType, left, right) switch
    {
        (ExpressionType.Add, double x, double y) => x + y,
        (ExpressionType.Subtract, double x, double y) => x - y,
        (ExpressionType.Multiply, double x, double y) => x * y,
        (ExpressionType.Divide, double x, double y) => x / y,
        (ExpressionType.Add, int x, int y) => unchecked(x + y),
        (ExpressionType.Subtract, int x, int y) => unchecked(x - y),
        (ExpressionType.Multiply, int x, int y) => unchecked(x * y),
        _ => Evaluated(binary, Expression.MakeBinary(
            binary.NodeType, Constant(binary.Left, left), Constant(binary.Right, right), binary.IsLiftedToNull, binary.Method)),
    };

    /// <summary>Runs the code of somebody else, once; what it throws is thrown with the part that called it.</summary>
    public static object? Called(Expression part, Func<object?> call)
    {
        try
        {
            return call();
        }
        catch (Exception problem)
        {
            var cause = problem is TargetInvocationException { InnerException: { } inner } ? inner : problem;
            throw LambdaReader.Unreadable(
                part, $"it does not depend on the arguments, so it was evaluated when the lambda was read, and threw {cause.GetType().Name}: {cause.Message}",
                "put that right, or compute it before the lambda", cause);
        }
    }

    private static ConstantExpression Constant(Expression part, object? value) => Expression.Constant(value, part.Type);

    private static object? Evaluated(Expression part, Expression closed) => Called(
        part, () => Expression.Lambda<Func<object?>>(Expression.Convert(closed, typeof(object))).Compile(preferInterpretation: true)());
}
