namespace FunctionalGrad;

/// <summary>
/// A part of a lambda or of a quotation has no form as an expression. The message names the part as its language writes it,
/// and says what to do.
/// </summary>
public sealed class UnreadableExpressionException : NotSupportedException
{
    /// <summary>Says what cannot be read, and why.</summary>
    /// <param name="part">The part, as its language writes it.</param>
    /// <param name="reason">Why it cannot be read.</param>
    /// <param name="remedy">What to do instead.</param>
    /// <param name="cause">What went wrong below, if anything did.</param>
    /// <example><code>
    /// new UnreadableExpressionException("f(x)", "f is a delegate", "write it over Expr").Message;      // cannot read `f(x)`: f is a delegate; write it over Expr
    /// </code></example>
    public UnreadableExpressionException(string part, string reason, string remedy, Exception? cause = null)
        : base($"cannot read `{part}`: {reason}; {remedy}", cause) => Part = part;

    /// <summary>The part that cannot be read, as its language writes it.</summary>
    public string Part { get; }
}
