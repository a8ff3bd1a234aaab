using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Parts of lambdas as C# writes them, for messages: what lies deep is left out.</summary>
internal static class CSharpText
{
    /// <summary>What can be done about everything that cannot be read.</summary>
    public const string Tracing =
        "write the function over Expr instead, as in Differentiate.Gradient((x, y) => Expr.Sin(x * y) + x * x), which runs your code on expressions and so follows any code";

    // Deeper than anybody reads.
    private const int Deepest = 12;

    private static readonly Dictionary<ExpressionType, (string Symbol, int Strength)> Operators = new()
    {
        [ExpressionType.Multiply] = ("*", 10),
        [ExpressionType.MultiplyChecked] = ("*", 10),
        [ExpressionType.Divide] = ("/", 10),
        [ExpressionType.Modulo] = ("%", 10),
        [ExpressionType.Add] = ("+", 9),
        [ExpressionType.AddChecked] = ("+", 9),
        [ExpressionType.Subtract] = ("-", 9),
        [ExpressionType.SubtractChecked] = ("-", 9),
        [ExpressionType.LeftShift] = ("<<", 8),
        [ExpressionType.RightShift] = (">>", 8),
        [ExpressionType.LessThan] = ("<", 7),
        [ExpressionType.LessThanOrEqual] = ("<=", 7),
        [ExpressionType.GreaterThan] = (">", 7),
        [ExpressionType.GreaterThanOrEqual] = (">=", 7),
        [ExpressionType.Equal] = ("==", 6),
        [ExpressionType.NotEqual] = ("!=", 6),
        [ExpressionType.And] = ("&", 5),
        [ExpressionType.ExclusiveOr] = ("^", 4),
        [ExpressionType.Or] = ("|", 3),
        [ExpressionType.AndAlso] = ("&&", 2),
        [ExpressionType.OrElse] = ("||", 1),
        [ExpressionType.Coalesce] = ("??", 1),
    };

    /// <summary>The part as source code.</summary>
    public static string Of(Expression part) => Of(part, 0, 0);

    private static string Of(Expression part, int strength, int depth)
    {
        if (depth > Deepest)
        {
            return "…";
        }

        switch (part)
        {
            case ConstantExpression constant:
                return Literal(constant.Value);
            case ParameterExpression parameter:
                return parameter.Name ?? "_";
            case MemberExpression member when IsCaptured(member.Expression):
                return member.Member.Name;
            case MemberExpression member:
                return $"{(member.Expression is null ? TypeNames.Of(member.Member.DeclaringType!) : Of(member.Expression, 20, depth + 1))}.{member.Member.Name}";
            case UnaryExpression { NodeType: ExpressionType.ArrayLength } length:
                return $"{Of(length.Operand, 20, depth + 1)}.Length";
            case UnaryExpression { NodeType: ExpressionType.Quote } quote:
                return Of(quote.Operand, strength, depth);
            case UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert:
                return IsSilent(convert) ? Of(convert.Operand, strength, depth) : $"({TypeNames.Of(convert.Type)}){Of(convert.Operand, 15, depth + 1)}";
            case UnaryExpression { Operand: not null } unary:
                var sign = unary.NodeType switch
                {
                    ExpressionType.Negate or ExpressionType.NegateChecked => "-",
                    ExpressionType.Not => unary.Type == typeof(bool) ? "!" : "~",
                    ExpressionType.OnesComplement => "~",
                    _ => "+",
                };
                return sign + Of(unary.Operand, 15, depth + 1);
            case BinaryExpression { NodeType: ExpressionType.ArrayIndex } index:
                return $"{Of(index.Left, 20, depth + 1)}[{Of(index.Right, 0, depth + 1)}]";
            case BinaryExpression binary when Operators.TryGetValue(binary.NodeType, out var found):
                return Bracketed(
                    found.Strength < strength,
                    $"{Of(binary.Left, found.Strength, depth + 1)} {found.Symbol} {Of(binary.Right, found.Strength + 1, depth + 1)}");
            case ConditionalExpression choice:
                return Bracketed(
                    strength > 0, $"{Of(choice.Test, 1, depth + 1)} ? {Of(choice.IfTrue, 0, depth + 1)} : {Of(choice.IfFalse, 0, depth + 1)}");
            case InvocationExpression invocation:
                return $"{Of(invocation.Expression, 20, depth + 1)}({List(invocation.Arguments, depth)})";
            case MethodCallExpression call:
                return Call(call, depth);
            case IndexExpression { Object: { } target } indexed:
                return $"{Of(target, 20, depth + 1)}[{List(indexed.Arguments, depth)}]";
            case LambdaExpression lambda:
                return Bracketed(
                    strength > 0,
                    $"{(lambda.Parameters is [var only] ? only.Name : $"({string.Join(", ", lambda.Parameters.Select(parameter => parameter.Name))})")} => {Of(lambda.Body, 0, depth + 1)}");
            case NewExpression made:
                return $"new {TypeNames.Of(made.Type)}({List(made.Arguments, depth)})";
            case NewArrayExpression { NodeType: ExpressionType.NewArrayInit } array:
                return $"new[] {{ {List(array.Expressions, depth)} }}";
            case NewArrayExpression array:
                return $"new {TypeNames.Of(array.Type.GetElementType()!)}[{List(array.Expressions, depth)}]";
            case TypeBinaryExpression test:
                return Bracketed(strength > 7, $"{Of(test.Expression, 7, depth + 1)} is {TypeNames.Of(test.TypeOperand)}");
            case DefaultExpression nothing:
                return $"default({TypeNames.Of(nothing.Type)})";
            default:
                return part.NodeType.ToString();
        }
    }

    private static string Call(MethodCallExpression call, int depth)
    {
        if (call.Method is { IsSpecialName: true, Name: "get_Item" } && call.Object is { } indexed)
        {
            return $"{Of(indexed, 20, depth + 1)}[{List(call.Arguments, depth)}]";
        }

        if (call.Object is null && call.Method.IsDefined(typeof(ExtensionAttribute)) && call.Arguments.Count > 0)
        {
            return $"{Of(call.Arguments[0], 20, depth + 1)}.{call.Method.Name}({List([.. call.Arguments.Skip(1)], depth)})";
        }

        // A method of the class that the lambda stands in is written without it, and local functions have names of the compiler's.
        var name = call.Method.Name.Contains("g__", StringComparison.Ordinal) ? call.Method.Name.Split("g__")[1].Split('|')[0] : call.Method.Name;
        var home = call.Object is { } target
            ? IsCaptured(target) ? "" : Of(target, 20, depth + 1) + "."
            : name == call.Method.Name ? TypeNames.Of(call.Method.DeclaringType!) + "." : "";
        return $"{home}{name}({List(call.Arguments, depth)})";
    }

    private static string List(IReadOnlyList<Expression> parts, int depth) => string.Join(", ", parts.Select(part => Of(part, 0, depth + 1)));

    private static string Bracketed(bool needed, string text) => needed ? $"({text})" : text;

    // What the compiler keeps captured variables in, or the object whose method the lambda stands in.
    private static bool IsCaptured(Expression? part) =>
        part is ConstantExpression { Value: { } holder }
            && (holder.GetType().IsDefined(typeof(CompilerGeneratedAttribute)) || !Numbers.IsReal(holder.GetType()))
        || (part is MemberExpression { Member: FieldInfo field } chain && field.Name.StartsWith("CS$<>", StringComparison.Ordinal) && IsCaptured(chain.Expression));

    // Conversions that C# makes without being told.
    private static bool IsSilent(UnaryExpression convert)
    {
        var (from, to) = (Numbers.Bare(convert.Operand.Type), Numbers.Bare(convert.Type));
        return from == to || to == typeof(object) || (Numbers.IsWhole(from) && (Numbers.IsReal(to) || to == typeof(decimal)))
            || (from == typeof(float) && to == typeof(double)) || (Numbers.IsWhole(from) && to == typeof(long)) || to.IsAssignableTo(typeof(Delegate));
    }

    private static string Literal(object? value) => value switch
    {
        null => "null",
        true => "true",
        false => "false",
        string text => $"\"{text}\"",
        Enum mode => $"{mode.GetType().Name}.{mode}",
        float single => single.ToString("R", CultureInfo.InvariantCulture) + "f",
        double real => real.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number when Numbers.IsWhole(value.GetType()) => number.ToString(null, CultureInfo.InvariantCulture),
        _ => TypeNames.Of(value.GetType()),
    };
}
