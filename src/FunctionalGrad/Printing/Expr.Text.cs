namespace FunctionalGrad;

/// <content>An expression as one line of text.</content>
public abstract partial class Expr
{
    /// <summary>The expression as infix text, abridged when it is large.</summary>
    public sealed override string ToString() => Abridged.Text(this);
}
