namespace FunctionalGrad.Printing;

internal static class Infix
{
    public static string Abridged(Expr e) => e.GetType().Name;
}
