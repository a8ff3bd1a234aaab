using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>The partial derivative of an elementwise primitive by one operand, as an expression; null is zero.</summary>
/// <param name="application">The node, with its inputs; it is itself the value.</param>
/// <param name="operand">Which operand, from 0.</param>
public delegate Expr? PartialRule(Application application, int operand);

/// <summary>What a cotangent of the value contributes to the adjoint of one operand; null is zero.</summary>
/// <param name="application">The node, with its inputs.</param>
/// <param name="operand">Which operand, from 0.</param>
/// <param name="cotangent">The cotangent, of the node's shape.</param>
public delegate Expr? PullbackRule(Application application, int operand, Expr cotangent);

/// <summary>What a cotangent of the value contributes to the adjoints of all operands; null is zero.</summary>
/// <param name="application">The node, with its inputs.</param>
/// <param name="cotangent">The cotangent, of the node's shape.</param>
/// <param name="wanted">For each operand, whether anybody asks for its contribution.</param>
public delegate ImmutableArray<Expr?> PullbackAtOnceRule(Application application, Expr cotangent, ReadOnlySpan<bool> wanted);

/// <summary>The tangent of the value from the tangents of the operands; null is zero, on both sides.</summary>
/// <param name="application">The node, with its inputs.</param>
/// <param name="tangents">A tangent for each operand, of its shape.</param>
public delegate Expr? PushforwardRule(Application application, ReadOnlySpan<Expr?> tangents);

/// <summary>
/// How a primitive differentiates. Both modes follow from one rule, so they cannot disagree. There are four kinds,
/// narrowest first; take the narrowest that fits.
/// </summary>
public abstract class Rule
{
    private Rule()
    {
    }

    /// <summary>
    /// The Jacobian is diagonal: ∂yᵢ/∂xⱼ = 0 for i ≠ j. Given by its partials as expressions, <c>exp: (x, y) => y</c>.
    /// </summary>
    /// <param name="partial">The partial by each operand.</param>
    public sealed class Elementwise(PartialRule partial) : Rule
    {
        /// <summary>The partial by each operand.</summary>
        public PartialRule Partial { get; } = partial;

        /// <summary>Whether the value is the first operand times the partial by it, so that its Taylor series is a product of two.</summary>
        internal bool IsLinearInFirst { get; init; }
    }

    /// <summary>
    /// The value is linear in some operands, with fixed coefficients that are never negative. The pushforward is the
    /// operation itself, the pullback its transpose.
    /// </summary>
    /// <param name="transpose">The transpose by each linear operand.</param>
    /// <param name="operands">The operands it is linear in; the default means all of them.</param>
    /// <param name="drops">Whether some input entries may reach no output entry (slice, gather, select).</param>
    /// <param name="fills">Whether some output entries may come from no input entry (pad, scatter).</param>
    /// <param name="chooses">Whether the user chose which entries to pass over, so that those may hold anything.</param>
    public sealed class Linear(
        PullbackRule transpose,
        ImmutableArray<int> operands = default,
        bool drops = false,
        bool fills = false,
        bool chooses = false) : Rule
    {
        /// <summary>The transpose by each linear operand.</summary>
        public PullbackRule Transpose { get; } = transpose;

        /// <summary>Whether some input entries may reach no output entry.</summary>
        public bool Drops { get; } = drops;

        /// <summary>Whether some output entries may come from no input entry.</summary>
        public bool Fills { get; } = fills;

        /// <summary>Whether the entries that are passed over may hold anything.</summary>
        public bool Chooses { get; } = chooses;

        /// <summary>Whether the value is linear in an operand; of the others it is no differentiable function.</summary>
        /// <param name="operand">The operand, from 0.</param>
        public bool IsLinearIn(int operand) => operands.IsDefault || operands.Contains(operand);
    }

    /// <summary>A product or contraction of two operands: linear in each while the other is held.</summary>
    /// <param name="left">The pullback to operand 0.</param>
    /// <param name="right">The pullback to operand 1.</param>
    public sealed class Bilinear(
        Func<Application, Expr, Expr> left, Func<Application, Expr, Expr> right) : Rule
    {
        /// <summary>The pullback to operand 0, from the node and a cotangent.</summary>
        public Func<Application, Expr, Expr> Left { get; } = left;

        /// <summary>The pullback to operand 1, from the node and a cotangent.</summary>
        public Func<Application, Expr, Expr> Right { get; } = right;
    }

    /// <summary>Everything else, and users' own.</summary>
    /// <param name="pullback">The contribution to each operand, linear in the cotangent.</param>
    /// <param name="pushforward">The tangent of the value, linear in the tangents.</param>
    /// <param name="reach">
    /// Which entries of an operand reach the entries marked by non-zeros in the "cotangent"; needed only where a mask
    /// should stay finer than the whole tensor. The default: every entry reaches every entry.
    /// </param>
    /// <param name="drops">Whether some operand entries may reach no output entry, as those that are not the greatest.</param>
    public sealed class General(
        PullbackRule pullback, PushforwardRule pushforward, PullbackRule? reach = null, bool drops = false) : Rule
    {
        /// <summary>The contribution to each operand.</summary>
        public PullbackRule Pullback { get; } = pullback;

        /// <summary>The tangent of the value.</summary>
        public PushforwardRule Pushforward { get; } = pushforward;

        /// <summary>Which entries of an operand reach the marked ones of the value.</summary>
        public PullbackRule? Reach { get; } = reach;

        /// <summary>Whether some operand entries may reach no output entry.</summary>
        public bool Drops { get; } = drops;

        /// <summary>The contributions to all operands, where they come from one computation; null where each has its own.</summary>
        public PullbackAtOnceRule? PullbackAtOnce { get; private init; }

        /// <summary>A rule whose contributions to all operands come from one computation, which a reverse pass then makes once.</summary>
        /// <param name="pullback">The contributions to the operands that are wanted, linear in the cotangent.</param>
        /// <param name="pushforward">The tangent of the value, linear in the tangents.</param>
        public static General AtOnce(PullbackAtOnceRule pullback, PushforwardRule pushforward)
        {
            return new(ForOne, pushforward) { PullbackAtOnce = pullback };

            Expr? ForOne(Application node, int operand, Expr cotangent)
            {
                var wanted = new bool[node.Inputs.Length];
                wanted[operand] = true;
                return pullback(node, cotangent, wanted)[operand];
            }
        }
    }
}
