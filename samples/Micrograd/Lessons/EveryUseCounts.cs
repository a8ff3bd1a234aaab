namespace FunctionalGrad.Samples.Micrograd;

/// <summary>Graphs in which a value is used more than once: the place where push-style backpropagation goes wrong.</summary>
internal static class EveryUseCounts
{
    /// <summary>b = a + a; c = b + b: the smallest graph on which naive recursion errs.</summary>
    public static (Expr C, Variable A) Doubled()
    {
        var a = Expr.Variable("a");
        Expr b = a + a;
        Expr c = b + b;
        return (c, a);
    }

    /// <summary>The check of micrograd's tests: y = h + q + q·x, with q and h used in turn.</summary>
    public static (Expr Y, Variable X) SanityCheck()
    {
        var x = Expr.Variable("x");
        Expr z = (2 * x) + 2 + x;
        Expr q = Expr.Relu(z) + (z * x);
        Expr h = Expr.Relu(z * z);
        return (h + q + (q * x), x);
    }

    public static void Tell(Blackboard board)
    {
        var (c, a) = Doubled();
        board.Heading("2. Every use counts");
        board.Say("b = a + a; c = b + b. So c = 4a, and dc/da is 4. `grad = local * out.grad` would");
        board.Say("lose a use of a and a use of b; `grad += local * out.grad` must come by b once only,");
        board.Say("after both of its uses, on gradients that were zeroed before. Here the adjoint of a");
        board.Say("node is defined, once, as the sum over its uses. Nothing is updated:");
        board.Show("c", c);
        board.Show("dc/da", c.Gradient()[a]);
        board.Show("at a = 1", c.Gradient().Evaluate(Point.Of((a, 1.0))));
        board.Show("asked again", c.Gradient().Evaluate(Point.Of((a, 1.0))));

        var (y, x) = SanityCheck();
        var at = Point.Of((x, -4.0));
        board.Space();
        board.Say("z = 2x + 2 + x; q = relu(z) + z·x; h = relu(z·z); y = h + q + q·x, at x = −4:");
        board.Show("y", y.Evaluate(at));
        board.Show("dy/dx", y.Gradient().Evaluate(at)[x]);
    }
}
