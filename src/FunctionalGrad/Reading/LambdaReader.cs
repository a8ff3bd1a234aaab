using System.Linq.Expressions;

namespace FunctionalGrad;

/// <summary>
/// Reads the tree of a lambda over numbers as an expression. What does not depend on the arguments is evaluated, once, while
/// the tree is read. The walk keeps its own stack, so a tree may be as deep as memory allows.
/// </summary>
internal sealed partial class LambdaReader
{
    // What remains to be done, and the meanings that are done and wait for their user.
    private readonly Stack<Action> _pending = new();
    private readonly Stack<Meaning> _done = new();

    // Parts of trees made by programs may be shared.
    private readonly Dictionary<(Expression, Scope?), Meaning> _known = new(SameParts.Instance);

    private LambdaReader()
    {
    }

    /// <summary>Reads a lambda.</summary>
    /// <param name="lambda">Its parameters are numbers, or one array of numbers.</param>
    /// <param name="arguments">What each parameter means.</param>
    /// <exception cref="UnreadableExpressionException">A part of it has no form as an expression.</exception>
    public static Expr Read(LambdaExpression lambda, ReadOnlySpan<Meaning> arguments)
    {
        var reader = new LambdaReader();
        Scope? scope = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            scope = new(lambda.Parameters[i], arguments[i], scope);
        }

        reader.Later(lambda.Body, scope);
        while (reader._pending.TryPop(out var next))
        {
            next();
        }

        return reader.NumberOf(reader._done.Pop(), lambda.Body);
    }

    private void Later(Expression part, Scope? scope) => _pending.Push(() => Visit(part, scope));

    private void Done(Meaning meaning) => _done.Push(meaning);

    /// <summary>Reads some parts from left to right and then does something with their meanings.</summary>
    private void After(ReadOnlySpan<Expression> parts, Scope? scope, Action<Meaning[]> then)
    {
        var count = parts.Length;
        _pending.Push(() =>
        {
            var meanings = new Meaning[count];
            for (var i = count - 1; i >= 0; i--)
            {
                meanings[i] = _done.Pop();
            }

            then(meanings);
        });
        for (var i = count - 1; i >= 0; i--)
        {
            Later(parts[i], scope);
        }
    }

    private void Visit(Expression part, Scope? scope)
    {
        switch (part)
        {
            case ConstantExpression constant:
                Done(new Meaning.Known(constant.Value));
                return;
            case ParameterExpression parameter:
                Done(Scope.Find(scope, parameter) ?? throw Unreadable(parameter, "it is a parameter of another lambda"));
                return;
            case DefaultExpression nothing:
                Done(new Meaning.Known(nothing.Type.IsValueType ? Activator.CreateInstance(nothing.Type) : null));
                return;
            case LambdaExpression lambda:
                Done(new Meaning.Inner(lambda, scope));
                return;
        }

        if (_known.TryGetValue((part, scope), out var known))
        {
            Done(known);
            return;
        }

        _pending.Push(() => _known[(part, scope)] = _done.Peek());
        switch (part)
        {
            case MemberExpression { Expression: null } member:
                Done(Field(member, null));
                break;
            case MemberExpression member:
                After([member.Expression!], scope, meanings => Done(Field(member, meanings[0])));
                break;
            case UnaryExpression unary when unary.NodeType == ExpressionType.Quote:
                Done(new Meaning.Inner((LambdaExpression)unary.Operand, scope));
                break;
            case UnaryExpression unary when unary.Operand is not null:
                After([unary.Operand], scope, meanings => Done(Unary(unary, meanings[0])));
                break;
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.OrElse or ExpressionType.Coalesce } binary:
                After([binary.Left], scope, meanings => Second(binary, meanings[0], scope));
                break;
            case BinaryExpression binary when binary.Conversion is null:
                After([binary.Left, binary.Right], scope, meanings => Done(Binary(binary, meanings[0], meanings[1])));
                break;
            case ConditionalExpression conditional:
                After([conditional.Test], scope, meanings => Chosen(conditional, meanings[0], scope));
                break;
            case InvocationExpression invocation:
                After([invocation.Expression, .. invocation.Arguments], scope, meanings => Call(invocation, meanings[0], meanings[1..]));
                break;
            case MethodCallExpression { Object: { } target } call:
                After([target, .. call.Arguments], scope, meanings => Method(call, meanings[0], meanings[1..]));
                break;
            case MethodCallExpression call:
                After([.. call.Arguments], scope, meanings => Method(call, null, meanings));
                break;
            case IndexExpression { Object: { } target } index:
                After([target, .. index.Arguments], scope, meanings => Done(Entry(index, meanings[0], meanings[1..])));
                break;
            case NewExpression made:
                After([.. made.Arguments], scope, meanings => Done(Made(made, meanings)));
                break;
            case NewArrayExpression { NodeType: ExpressionType.NewArrayInit } array:
                After([.. array.Expressions], scope, meanings => Done(Array(array, meanings)));
                break;
            default:
                throw Unreadable(part, $"an expression has nothing for {part.NodeType}");
        }
    }

    // Of && and || the second part may be one that must not be evaluated.
    private void Second(BinaryExpression binary, Meaning left, Scope? scope)
    {
        if (left is Meaning.Known { Value: var value })
        {
            var decides = binary.NodeType switch
            {
                ExpressionType.AndAlso => value is false,
                ExpressionType.OrElse => value is true,
                _ => value is not null,
            };
            if (decides)
            {
                Done(left);
            }
            else
            {
                Later(binary.Right, scope);
            }

            return;
        }

        if (binary.NodeType == ExpressionType.Coalesce)
        {
            Done(left);
            return;
        }

        After([binary.Right], scope, meanings =>
        {
            var (x, y) = (ConditionOf(left, binary.Left), ConditionOf(meanings[0], binary.Right));
            Done(new Meaning.Condition(binary.NodeType == ExpressionType.AndAlso ? x & y : x | y));
        });
    }

    private void Chosen(ConditionalExpression conditional, Meaning test, Scope? scope)
    {
        if (test is Meaning.Known { Value: bool holds })
        {
            Later(holds ? conditional.IfTrue : conditional.IfFalse, scope);
            return;
        }

        var condition = ConditionOf(test, conditional.Test);
        After([conditional.IfTrue, conditional.IfFalse], scope, meanings => Done(Select(conditional, condition, meanings[0], meanings[1])));
    }

    private Meaning Select(ConditionalExpression conditional, Expr condition, Meaning whenTrue, Meaning whenFalse) => (whenTrue, whenFalse) switch
    {
        (Meaning.Parts x, Meaning.Parts y) => new Meaning.Parts([.. x.Values.Zip(y.Values, (a, b) => Select(conditional, condition, a, b))]),
        _ when conditional.Type == typeof(bool) => new Meaning.Condition(
            Expr.Select(condition, ConditionOf(whenTrue, conditional.IfTrue), ConditionOf(whenFalse, conditional.IfFalse))),
        _ => new Meaning.Number(Expr.Select(condition, NumberOf(whenTrue, conditional.IfTrue), NumberOf(whenFalse, conditional.IfFalse))),
    };

    /// <summary>The number that a part stands for.</summary>
    private Expr NumberOf(Meaning meaning, Expression part) => meaning switch
    {
        Meaning.Number number => number.Value,
        Meaning.Known { Value: double or float or int or uint or long or ulong or short or ushort or byte or sbyte } known => Numbers.Constant(known.Value!),
        Meaning.Known { Value: Expr } => throw Unreadable(part, "it is an Expr already", "call it from a function over Expr, not from a lambda over numbers"),
        _ => throw Unreadable(part, $"it is {(part.Type == typeof(object) ? "an object" : $"of type {TypeNames.Of(part.Type)}")} where a number is needed"),
    };

    private Expr ConditionOf(Meaning meaning, Expression part) => meaning switch
    {
        Meaning.Condition condition => condition.Value,
        Meaning.Known { Value: bool known } => known ? 1 : 0,
        _ => throw Unreadable(part, "it is no condition on numbers"),
    };

    internal static UnreadableExpressionException Unreadable(Expression part, string reason, string? remedy = null, Exception? cause = null) =>
        new(CSharpText.Of(part), reason, remedy ?? CSharpText.Tracing, cause);

    private sealed class SameParts : IEqualityComparer<(Expression Part, Scope? Scope)>
    {
        public static SameParts Instance { get; } = new();

        public bool Equals((Expression Part, Scope? Scope) x, (Expression Part, Scope? Scope) y) =>
            ReferenceEquals(x.Part, y.Part) && ReferenceEquals(x.Scope, y.Scope);

        public int GetHashCode((Expression Part, Scope? Scope) key) => HashCode.Combine(
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Part), System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Scope));
    }
}
