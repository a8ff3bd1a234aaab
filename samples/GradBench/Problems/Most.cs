namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// The most that any q makes of f(p, q) = |p|² − |q|², found by descent on −f from a start, and how it moves with p. How many
/// steps that takes is only seen while stepping, so the loop is a plain one, over steps that are compiled together with their
/// derivatives.
/// </summary>
internal abstract class Most : Descent
{
    private readonly Evaluations _evaluate;
    private (double Value, (double X, double Y) Slope) _here;
    private (double Value, (double X, double Y) Slope) _there;
    private (double X, double Y) _next;
    private double _rate;

    protected Most(DifferentiationMode inner)
    {
        (Expr X, Expr Y) slope = (Slopes.Of(-F, X, inner), Slopes.Of(-F, Y, inner));
        Next = [X - (Rate * slope.X), Y - (Rate * slope.Y)];
        Expr[] all = [-F, slope.X, slope.Y];
        _evaluate = all.ToDelegate<Evaluations>([X, Y, A, B]);
    }

    private delegate (double Value, (double X, double Y) Slope) Evaluations(double x, double y, double a, double b);

    /// <summary>Where the search has come to.</summary>
    public (double X, double Y) Place { get; private set; }

    /// <summary>f, where p is (a, b) and q is (x, y).</summary>
    protected Expr F => ((A * A) + (B * B)) - ((X * X) + (Y * Y));

    protected Variable A { get; } = Expr.Variable("a");

    protected Variable B { get; } = Expr.Variable("b");

    protected Variable X { get; } = Expr.Variable("x");

    protected Variable Y { get; } = Expr.Variable("y");

    protected Variable Rate { get; } = Expr.Variable("rate");

    /// <summary>A step of the search.</summary>
    protected Expr[] Next { get; }

    protected (double A, double B) P { get; private set; }

    protected override double Value => _here.Value;

    protected override double Steepness => Saddle.Length(_here.Slope);

    /// <summary>The most, and its slope by p.</summary>
    public (double Value, (double X, double Y) Slope) ValueAndSlope((double A, double B) p, (double X, double Y) start)
    {
        (P, Place) = (p, start);
        _here = _evaluate(start.X, start.Y, p.A, p.B);
        Begin();
        Run();
        return End();
    }

    /// <summary>Before the first step.</summary>
    protected abstract void Begin();

    /// <summary>When a step is taken, from the place that the search has come to.</summary>
    protected abstract void Step(double rate);

    /// <summary>After the last step: f, and its slope by p through all of them.</summary>
    protected abstract (double Value, (double X, double Y) Slope) End();

    protected override (double Length, double Value) Try(double rate)
    {
        _rate = rate;
        _next = (Place.X - (rate * _here.Slope.X), Place.Y - (rate * _here.Slope.Y));
        _there = _evaluate(_next.X, _next.Y, P.A, P.B);
        return (Saddle.Length((Place.X - _next.X, Place.Y - _next.Y)), _there.Value);
    }

    protected override void Go()
    {
        Step(_rate);
        (Place, _here) = (_next, _there);
    }
}

/// <summary>The most in forward mode: the place goes along with how it moves with either number of p.</summary>
internal sealed class ForwardMost : Most
{
    private readonly Moves _move;
    private readonly Ends _end;
    private ((double X, double Y) WithA, (double X, double Y) WithB) _moving;

    public ForwardMost(DifferentiationMode inner)
        : base(inner)
    {
        Variable[] moving = [Expr.Variable("xa"), Expr.Variable("ya"), Expr.Variable("xb"), Expr.Variable("yb")];
        var withA = GradientMap<Expr>.Of((X, moving[0]), (Y, moving[1]), (A, 1));
        var withB = GradientMap<Expr>.Of((X, moving[2]), (Y, moving[3]), (B, 1));
        Expr[] moved = [.. Next.Select(next => next.Pushforward(withA)), .. Next.Select(next => next.Pushforward(withB))];
        _move = moved.ToDelegate<Moves>([X, Y, A, B, Rate, .. moving]);
        Expr[] end = [F, F.Pushforward(withA), F.Pushforward(withB)];
        _end = end.ToDelegate<Ends>([X, Y, A, B, .. moving]);
    }

    private delegate ((double X, double Y) WithA, (double X, double Y) WithB) Moves(
        double x, double y, double a, double b, double rate, double xWithA, double yWithA, double xWithB, double yWithB);

    private delegate (double Value, (double X, double Y) Slope) Ends(
        double x, double y, double a, double b, double xWithA, double yWithA, double xWithB, double yWithB);

    protected override void Begin() => _moving = default;

    protected override void Step(double rate) => _moving = _move(
        Place.X, Place.Y, P.A, P.B, rate, _moving.WithA.X, _moving.WithA.Y, _moving.WithB.X, _moving.WithB.Y);

    protected override (double Value, (double X, double Y) Slope) End() =>
        _end(Place.X, Place.Y, P.A, P.B, _moving.WithA.X, _moving.WithA.Y, _moving.WithB.X, _moving.WithB.Y);
}

/// <summary>The most in reverse mode: where each step was taken is kept, and the cotangent of the end goes back through all of them.</summary>
internal sealed class ReverseMost : Most
{
    private readonly Pullbacks _pull;
    private readonly Ends _end;
    private readonly List<(double X, double Y, double Rate)> _way = [];

    public ReverseMost(DifferentiationMode inner)
        : base(inner)
    {
        Variable[] at = [X, Y, A, B];
        var (x, y) = (Expr.Variable("x̄"), Expr.Variable("ȳ"));
        var pulled = ((Next[0] * x) + (Next[1] * y)).Gradient(at);
        _pull = pulled.Values.ToArray().ToDelegate<Pullbacks>([.. at, Rate, x, y]);
        Expr[] end = [F, .. F.Gradient(at).Values];
        _end = end.ToDelegate<Ends>(at);
    }

    private delegate ((double X, double Y) Place, (double X, double Y) Slope) Pullbacks(
        double x, double y, double a, double b, double rate, double xCotangent, double yCotangent);

    private delegate (double Value, (double X, double Y) Place, (double X, double Y) Slope) Ends(double x, double y, double a, double b);

    protected override void Begin() => _way.Clear();

    protected override void Step(double rate) => _way.Add((Place.X, Place.Y, rate));

    protected override (double Value, (double X, double Y) Slope) End()
    {
        var (value, cotangent, slope) = _end(Place.X, Place.Y, P.A, P.B);
        for (var i = _way.Count - 1; i >= 0; i--)
        {
            var (x, y, rate) = _way[i];
            (cotangent, var byP) = _pull(x, y, P.A, P.B, rate, cotangent.X, cotangent.Y);
            slope = (slope.X + byP.X, slope.Y + byP.Y);
        }

        return (value, slope);
    }
}
