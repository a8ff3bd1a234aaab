using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Recomputing instead of keeping.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The same function, of which reverse mode keeps nothing but the arguments: what the function computes on the way is computed
    /// once more when the gradient gets there. Value and gradient are the same; memory falls by what is computed on the way, and
    /// time rises by the function itself. Checkpoints nest.
    /// </summary>
    /// <remarks>What the function computes from other expressions alone does not depend on the arguments: that is computed once and kept.</remarks>
    /// <param name="function">A pure function; called once for each call of the result, on a variable. It may use other expressions.</param>
    /// <example><code>
    /// var layer = Expr.Checkpoint(x => Expr.Tanh(Expr.Sin(x)) * x);
    /// Differentiate.Derivative(x => layer(layer(x)), 0.0);                              // 0
    /// Differentiate.Derivative(x => Expr.Checkpoint(y => y * y)(x), 3.0);               // 6
    /// </code></example>
    public static Func<Expr, Expr> Checkpoint(Func<Expr, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => CheckpointAll(arguments => [function(arguments[0])])([x])[0];
    }

    /// <summary>The same function of two arguments, of which reverse mode keeps nothing but the arguments.</summary>
    /// <inheritdoc cref="Checkpoint(Func{Expr, Expr})"/>
    public static Func<Expr, Expr, Expr> Checkpoint(Func<Expr, Expr, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (x, y) => CheckpointAll(arguments => [function(arguments[0], arguments[1])])([x, y])[0];
    }

    /// <summary>The same function of any number of arguments and results, of which reverse mode keeps nothing but the arguments.</summary>
    /// <inheritdoc cref="Checkpoint(Func{Expr, Expr})"/>
    public static Func<ImmutableArray<Expr>, ImmutableArray<Expr>> CheckpointAll(Func<ImmutableArray<Expr>, ImmutableArray<Expr>> function)
    {
        ArgumentNullException.ThrowIfNull(function);

        // One step of a loop without a state.
        return arguments =>
        {
            var parameters = Folding.Variables("x", [.. arguments.Select(argument => argument.Shape)]);
            var results = function(ImmutableArray<Expr>.CastUp(parameters));
            var loop = new Loop { Length = 1 };
            for (var i = 0; i < parameters.Length; i++)
            {
                loop.AddItem(parameters[i], arguments[i].Reshape([1, .. arguments[i].Shape.Extents]));
            }

            foreach (var result in results)
            {
                loop.AddOutput(result ?? throw new ArgumentException("checkpoint: the function returned null; return an expression", nameof(function)));
            }

            var outputs = loop.Build().Outputs;
            return [.. outputs.Select((output, i) => output.Reshape(results[i].Shape))];
        };
    }
}
