namespace FunctionalGrad;
public abstract partial class Expr
{
    /// <summary>Stub.</summary>
    public static Expr Stack(ReadOnlySpan<Expr> parts, int axis) => throw new InvalidOperationException();
}
