using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Loops of each kind, for tests.</content>
internal sealed partial class Recurrence
{
    // Bodies whose derivatives of every order are positive at positive operands: laws judge the derivative of a loop by its own
    // size, which says how well it can be computed only where nothing cancels inside.
    private static readonly Domain Positive = Domain.Between(0.25, 1.5);

    // A state that only counts steps goes in steps of 1, and has no derivative.
    private const string Counter = "i";

    public static ImmutableArray<Primitive> Declared => [Fold(3), Fold(0), Scan(), Backwards(), While(), WhileBackwards(), Checkpoint()];

    public override ImmutableArray<Example> Examples =>
    [
        new(this, [.. Enumerable.Range(0, Form.FirstOperand + Body.Parameters.Length).Select(i => new Operand(
            ShapeOfOperand(i),
            i < Form.FirstOperand ? Domain.Whole(0, Form.Length)
            : Body.Parameters[i - Form.FirstOperand].Name == Counter ? Domain.Whole(0, 2)
            : Positive))]),
    ];

    private static Recurrence Fold(int length)
    {
        var (s, x, w) = (Expr.Variable("s", [2]), Expr.Variable("x"), Expr.Variable("w", [2, 2]));
        return new(new(length, 1, 1), new([s, x, w], [Expr.Exp(0.25 * w.MatMul(s)) + x]));
    }

    private static Recurrence Scan()
    {
        var (s, v, x) = (Expr.Variable("s"), Expr.Variable("v", [2]), Expr.Variable("x", [2]));
        return new(new(3, 2, 1), new([s, v, x], [s + (0.25 * v * x).Sum(), Expr.Exp(v * 0.25), s * x, v]));
    }

    private static Recurrence Backwards()
    {
        var (s, x, p) = (Expr.Variable("s", [2]), Expr.Variable("x", [2]), Expr.Variable("p"));
        return new(new(2, 1, 1, IsReversed: true), new([s, x, p], [(s * p) + x, Expr.Exp(s * 0.25)]));
    }

    private static Recurrence While()
    {
        var (i, s, p) = (Expr.Variable(Counter), Expr.Variable("s", [2]), Expr.Variable("p"));
        return new(
            new(3, 2, 0),
            new([i, s, p], [i + 1, Expr.Exp(s * 0.25) * p, s]),
            new([i, s, p], [i < 3]));
    }

    private static Recurrence WhileBackwards()
    {
        var (s, x) = (Expr.Variable("s"), Expr.Variable("x"));
        return new(new(3, 1, 1, IsReversed: true, IsCounted: true), new([s, x], [(s * 0.5) + x, Expr.Exp(x * 0.25) * s]));
    }

    private static Recurrence Checkpoint()
    {
        var (x, p) = (Expr.Variable("x", [2]), Expr.Variable("p", [2]));
        return new(new(1, 0, 1), new([x, p], [Expr.Sin(x) * p]));
    }
}
