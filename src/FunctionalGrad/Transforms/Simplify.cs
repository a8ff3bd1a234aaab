using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>Simplification.</summary>
public static class Simplification
{
    /// <summary>
    /// An equal expression with fewer nodes, or the same object where there is nothing to gain. Every primitive's own
    /// identities are applied from the leaves up until none applies, and operations on constants alone are carried out (in
    /// double precision) where the result is no larger than what it is made from. The graph never grows, and simplifying
    /// again changes nothing.
    /// </summary>
    /// <remarks>
    /// <c>x · 0</c> stays: it is 0 only where x is finite. Nor are sums reordered: rounding would differ. An operation with
    /// a constant index that is out of range stays too, so that evaluation reports it. <c>x + 0</c> becomes x, which keeps
    /// every value; only the sign of a zero may differ.
    /// </remarks>
    /// <param name="expression">The expression.</param>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// (x * 1 + (2 - Expr.Constant(2))).Simplify();      // x
    /// (x * 0).Simplify();                               // x · 0
    /// </code></example>
    public static Expr Simplify(this Expr expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return Reduce([expression])[0];
    }

    /// <summary>Several expressions, simplified together, so that what they share stays shared.</summary>
    /// <param name="expressions">The expressions.</param>
    /// <returns>The simplified expressions in the same order.</returns>
    public static ImmutableArray<Expr> Simplify(this ReadOnlySpan<Expr> expressions) =>
        ImmutableCollectionsMarshal.AsImmutableArray(Reduce(expressions));

    /// <summary>A symbolic gradient, its entries simplified together, so that what they share stays shared.</summary>
    /// <param name="gradient">The gradient.</param>
    public static GradientMap<Expr> Simplify(this GradientMap<Expr> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return new(gradient.Keys, Reduce(gradient.Values));
    }

    private static Expr[] Reduce(ReadOnlySpan<Expr> roots)
    {
        var settled = new HashSet<Expr>();
        var reduced = Rewriting.Rewrite(roots, Reduced);

        // An identity may write a constant beside a node that other users keep (x⁰ where x stays): then nothing is gained.
        return TopologicalOrder.Of(reduced).Count <= TopologicalOrder.Of(roots).Count ? reduced : roots.ToArray();

        // A node whose inputs are settled, simplified as far as it goes.
        Expr Reduced(Expr node)
        {
            while (node is Application application && Step(application) is { } simpler)
            {
                node = IsSettled(simpler) ? simpler : WithSettledInputs((Application)simpler);
            }

            settled.Add(node);
            return node;
        }

        // An identity may have made several nodes at once. The recursion is as deep as what one identity writes down.
        Application WithSettledInputs(Application made)
        {
            var inputs = made.Inputs.ToArray();
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = IsSettled(inputs[i]) ? inputs[i] : Reduced(WithSettledInputs((Application)inputs[i]));
            }

            return (Application)made.With(inputs);
        }

        bool IsSettled(Expr node) => node is not Application || settled.Contains(node);
    }

    private static Expr? Step(Application application) =>
        IsFoldable(application) ? Fold(application) : application.Primitive.Simplify(application);

    private static bool IsFoldable(Application application)
    {
        // A graph of its own may take long, and may fail: that is for evaluation.
        if (!application.Primitive.Functions.IsEmpty)
        {
            return false;
        }

        var size = 0L;
        foreach (var input in application.Inputs)
        {
            if (input is not Constant)
            {
                return false;
            }

            size += input.Shape.Size;
        }

        return application.Shape.Size <= size && HasValidIndices(application);
    }

    private static Constant Fold(Application application)
    {
        var operands = new Tensor<double>[application.Inputs.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = ((Constant)application.Input(i)).Value;
        }

        return Expr.Constant(application.Primitive.Evaluate<double>(operands, application.Shape));
    }

    private static bool HasValidIndices(Application application)
    {
        if (application.Primitive.Indices(application) is not (var operand, var extent))
        {
            return true;
        }

        foreach (var index in ((Constant)application.Input(operand)).Value.Values)
        {
            if (!(double.IsInteger(index) && index >= 0 && index < extent))
            {
                return false;
            }
        }

        return true;
    }
}
