using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Graphs as values. Expressions are compared by reference; this compares what they say: the same operations on the same
/// variables and constants, whether or not equal parts are shared.
/// </summary>
public static class Structure
{
    /// <summary>
    /// Whether two expressions are the same formula: equal primitives applied to equal inputs in the same order. Variables
    /// are equal when they are the same object; constants when shape and bits agree, so that 0 and −0 differ and a NaN
    /// equals itself. <c>x + y</c> and <c>y + x</c> are two formulas.
    /// </summary>
    /// <param name="left">An expression.</param>
    /// <param name="right">An expression.</param>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// Structure.Equal(x + 1, x + 1);                      // True
    /// Structure.Equal(x + 1, Expr.Variable("x") + 1);     // False
    /// </code></example>
    public static bool Equal(Expr left, Expr right)
    {
        var merged = Merge([left, right]);
        return ReferenceEquals(merged[0], merged[1]);
    }

    /// <summary>A hash of the formula: equal for expressions that <see cref="Equal"/> calls equal. Holds for one process.</summary>
    /// <param name="expression">The expression.</param>
    public static int Hash(Expr expression)
    {
        var order = TopologicalOrder.Of(expression);
        var hashes = new int[order.Count];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = order.Nodes[i] is Application application
                ? OfApplication(application.Primitive, hashes, order.InputsOf(i))
                : Alike.Instance.GetHashCode(order.Nodes[i]);
        }

        return hashes[order.PositionOf(expression)];
    }

    /// <summary>The expressions with equal parts made the same node: of several, the first in topological order.</summary>
    internal static Expr[] Merge(ReadOnlySpan<Expr> roots)
    {
        var known = new HashSet<Expr>(Alike.Instance);
        return Rewriting.Rewrite(roots, node => known.TryGetValue(node, out var equal) ? equal : Keep(node));

        Expr Keep(Expr node)
        {
            known.Add(node);
            return node;
        }
    }

    private static int OfApplication(Primitive primitive, int[] hashes, ReadOnlySpan<int> inputs)
    {
        var hash = default(HashCode);
        hash.Add(primitive);
        foreach (var input in inputs)
        {
            hash.Add(hashes[input]);
        }

        return hash.ToHashCode();
    }

    /// <summary>Equality of nodes whose inputs have been merged: these need only be compared by reference.</summary>
    internal sealed class Alike : IEqualityComparer<Expr>
    {
        public static Alike Instance { get; } = new();

        public bool Equals(Expr? left, Expr? right) => ReferenceEquals(left, right) || (left, right) switch
        {
            (Constant a, Constant b) => a.Value.BitEquals(b.Value),
            (Application a, Application b) => a.Primitive.Equals(b.Primitive) && SameInputs(a.Inputs, b.Inputs),
            _ => false,
        };

        public int GetHashCode(Expr node)
        {
            var hash = default(HashCode);
            switch (node)
            {
                case Constant constant:
                    hash.Add(constant.Shape);
                    hash.AddBytes(MemoryMarshal.AsBytes(constant.Value.Values));
                    break;
                case Application application:
                    hash.Add(application.Primitive);
                    foreach (var input in application.Inputs)
                    {
                        hash.Add(RuntimeHelpers.GetHashCode(input));
                    }

                    break;
                default:
                    return RuntimeHelpers.GetHashCode(node);
            }

            return hash.ToHashCode();
        }

        private static bool SameInputs(ReadOnlySpan<Expr> left, ReadOnlySpan<Expr> right)
        {
            if (left.Length != right.Length)
            {
                return false;
            }

            for (var i = 0; i < left.Length; i++)
            {
                if (!ReferenceEquals(left[i], right[i]))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
