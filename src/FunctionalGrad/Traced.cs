using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A function called once on fresh variables: what it does is now a graph. Because the variables are fresh, derivatives
/// of functions inside functions cannot be confused with each other.
/// </summary>
/// <param name="Arguments">The fresh variables.</param>
/// <param name="Value">What the function made of them.</param>
internal readonly record struct Traced(ImmutableArray<Variable> Arguments, Expr Value)
{
    private static readonly string[] Names = ["x", "y", "z"];

    /// <summary>Calls a function of several arguments on fresh variables of the given shapes.</summary>
    public static Traced Of(Func<ImmutableArray<Expr>, Expr> function, IEnumerable<Shape> shapes)
    {
        ArgumentNullException.ThrowIfNull(function);
        var (arguments, values) = Of(variables => [function(variables)], shapes);
        return new(arguments, values[0]);
    }

    /// <summary>Calls a function of several arguments and several values on fresh variables of the given shapes.</summary>
    public static (ImmutableArray<Variable> Arguments, ImmutableArray<Expr> Values) Of(
        Func<ImmutableArray<Expr>, ImmutableArray<Expr>> function, IEnumerable<Shape> shapes)
    {
        ImmutableArray<Variable> arguments =
            [.. shapes.Select((shape, i) => Expr.Variable(i < Names.Length ? Names[i] : $"x{i + 1}", shape))];
        var values = function(ImmutableArray<Expr>.CastUp(arguments));
        return values.IsDefault || values.Contains(null!)
            ? throw new ArgumentException("the function to transform returned null; return an expression", nameof(function))
            : (arguments, values);
    }

    /// <summary>The same expressions with the function's arguments in place of the fresh variables.</summary>
    public Expr[] At(ReadOnlySpan<Expr> arguments, ReadOnlySpan<Expr> results)
    {
        var replacements = new Dictionary<Expr, Expr>(arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            replacements[Arguments[i]] = arguments[i];
        }

        return Rewriting.Rewrite(results, node => replacements.GetValueOrDefault(node, node));
    }

    /// <summary>The point that gives the arguments numbers.</summary>
    public Point<T> Point<T>(ImmutableArray<Tensor<T>> values)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var entries = new (Variable, Tensor<T>)[values.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = (Arguments[i], values[i]);
        }

        return FunctionalGrad.Point<T>.Of(entries);
    }
}
