using System.Collections.Immutable;
using System.Linq.Expressions;

namespace FunctionalGrad;

/// <summary>What a part of a lambda stands for.</summary>
internal abstract record Meaning
{
    /// <summary>A value that does not depend on the arguments.</summary>
    public sealed record Known(object? Value) : Meaning;

    /// <summary>A number that depends on the arguments.</summary>
    public sealed record Number(Expr Value) : Meaning;

    /// <summary>A truth value that depends on the arguments: 1 or 0.</summary>
    public sealed record Condition(Expr Value) : Meaning;

    /// <summary>An array of numbers that depend on the arguments.</summary>
    public sealed record Entries(ImmutableArray<Expr> Values) : Meaning;

    /// <summary>A tuple.</summary>
    public sealed record Parts(ImmutableArray<Meaning> Values) : Meaning;

    /// <summary>A lambda inside the lambda, with what its surroundings mean.</summary>
    public sealed record Inner(LambdaExpression Lambda, Scope? Scope) : Meaning;

    /// <summary>A function whose graph is known.</summary>
    public sealed record Graph(ImmutableArray<Variable> Arguments, ImmutableArray<Expr> Results) : Meaning;
}

/// <summary>What parameters mean, innermost first.</summary>
internal sealed record Scope(ParameterExpression Parameter, Meaning Meaning, Scope? Outer)
{
    public static Meaning? Find(Scope? scope, ParameterExpression parameter)
    {
        for (; scope is not null; scope = scope.Outer)
        {
            if (ReferenceEquals(scope.Parameter, parameter))
            {
                return scope.Meaning;
            }
        }

        return null;
    }
}

/// <summary>Something whose members a lambda may call as functions of numbers, since their graphs are known.</summary>
internal interface IKnownFunction
{
    /// <summary>The graph behind a member that is a delegate; none for members that are something else.</summary>
    Meaning.Graph? Member(string name);
}
