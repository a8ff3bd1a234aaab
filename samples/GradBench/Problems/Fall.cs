namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// The fall of a charged particle, and how its end moves with w. How many steps it takes is only seen while falling, so the
/// loop is a plain one, over steps that are compiled together with their derivatives.
/// </summary>
internal abstract class Fall
{
    private const double TimeStep = 0.1;

    protected Fall(DifferentiationMode inner)
    {
        var (x, y) = (X - 10, Y - (10 - W));
        var potential = Nearness(x, y) + Nearness(x, Y);
        Next =
        [
            X + (TimeStep * U), Y + (TimeStep * V),
            U - (TimeStep * Slopes.Of(potential, X, inner)), V - (TimeStep * Slopes.Of(potential, Y, inner)),
        ];
    }

    /// <summary>Place (x, y) and velocity (u, v) at the start.</summary>
    protected static (double X, double Y, double U, double V) Start => (0, 8, 0.75, 0);

    protected Variable X { get; } = Expr.Variable("x");

    protected Variable Y { get; } = Expr.Variable("y");

    protected Variable U { get; } = Expr.Variable("u");

    protected Variable V { get; } = Expr.Variable("v");

    protected Variable W { get; } = Expr.Variable("w");

    /// <summary>Place and velocity a step later.</summary>
    protected Expr[] Next { get; }

    /// <summary>The square of where the line through a place below the ground, along the velocity that led there, meets the ground.</summary>
    protected Expr Landing => (X - (Y / V * U)).Square();

    public abstract (double Value, double Slope) ValueAndSlope(double w);

    private static Expr Nearness(Expr x, Expr y) => 1 / Expr.Sqrt((x * x) + (y * y));
}

/// <summary>A fall in forward mode: place and velocity go along with how they move with w.</summary>
internal sealed class ForwardFall : Fall
{
    private readonly Steps _step;
    private readonly Landings _land;

    public ForwardFall(DifferentiationMode inner)
        : base(inner)
    {
        Variable[] moving = [Expr.Variable("x'"), Expr.Variable("y'"), Expr.Variable("u'"), Expr.Variable("v'")];
        var tangents = GradientMap<Expr>.Of((X, moving[0]), (Y, moving[1]), (U, moving[2]), (V, moving[3]), (W, 1));
        Expr[] both = [.. Next, .. Next.Select(next => next.Pushforward(tangents))];
        _step = both.ToDelegate<Steps>([X, Y, U, V, .. moving, W]);
        Expr[] landing = [Landing, Landing.Pushforward(tangents)];
        _land = landing.ToDelegate<Landings>([X, Y, U, V, .. moving]);
    }

    private delegate ((double X, double Y, double U, double V) Here, (double X, double Y, double U, double V) Moving) Steps(
        double x, double y, double u, double v, double xMoving, double yMoving, double uMoving, double vMoving, double w);

    private delegate (double Value, double Slope) Landings(
        double x, double y, double u, double v, double xMoving, double yMoving, double uMoving, double vMoving);

    public override (double Value, double Slope) ValueAndSlope(double w)
    {
        var (p, moving) = (Start, (X: 0.0, Y: 0.0, U: 0.0, V: 0.0));
        while (true)
        {
            var (next, nextMoving) = _step(p.X, p.Y, p.U, p.V, moving.X, moving.Y, moving.U, moving.V, w);
            if (next.Y <= 0)
            {
                return _land(next.X, next.Y, p.U, p.V, nextMoving.X, nextMoving.Y, moving.U, moving.V);
            }

            (p, moving) = (next, nextMoving);
        }
    }
}

/// <summary>A fall in reverse mode: what each step came from is kept, and the cotangent of the end goes back through all of them.</summary>
internal sealed class ReverseFall : Fall
{
    private readonly Steps _step;
    private readonly Landings _land;
    private readonly Pullbacks _pull;
    private readonly List<(double X, double Y, double U, double V)> _way = [];

    public ReverseFall(DifferentiationMode inner)
        : base(inner)
    {
        Variable[] state = [X, Y, U, V];
        Variable[] cotangent = [Expr.Variable("x̄"), Expr.Variable("ȳ"), Expr.Variable("ū"), Expr.Variable("v̄")];
        _step = Next.ToDelegate<Steps>([.. state, W]);
        Expr[] landing = [Landing, .. Landing.Gradient(state).Values];
        _land = landing.ToDelegate<Landings>(state);
        var pulled = Next.Zip(cotangent, (next, weight) => next * weight).Aggregate((sum, term) => sum + term).Gradient([.. state, W]);
        _pull = pulled.Values.ToArray().ToDelegate<Pullbacks>([.. state, W, .. cotangent]);
    }

    private delegate (double X, double Y, double U, double V) Steps(double x, double y, double u, double v, double w);

    private delegate (double Value, (double X, double Y, double U, double V) Slope) Landings(double x, double y, double u, double v);

    private delegate ((double X, double Y, double U, double V) State, double W) Pullbacks(
        double x, double y, double u, double v, double w, double xCotangent, double yCotangent, double uCotangent, double vCotangent);

    public override (double Value, double Slope) ValueAndSlope(double w)
    {
        _way.Clear();
        var (p, next) = (Start, Start);
        while (next.Y > 0)
        {
            p = next;
            _way.Add(p);
            next = _step(p.X, p.Y, p.U, p.V, w);
        }

        // The landing takes its place from the last step and its velocity from the one before.
        var (value, end) = _land(next.X, next.Y, p.U, p.V);
        var (cotangent, slope) = ((end.X, end.Y, U: 0.0, V: 0.0), 0.0);
        for (var i = _way.Count - 1; i >= 0; i--)
        {
            p = _way[i];
            var (pulled, byW) = _pull(p.X, p.Y, p.U, p.V, w, cotangent.X, cotangent.Y, cotangent.U, cotangent.V);
            cotangent = i == _way.Count - 1 ? (pulled.X, pulled.Y, pulled.U + end.U, pulled.V + end.V) : pulled;
            slope += byW;
        }

        return (value, slope);
    }
}
