namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// The saddle of f(p, q) = |p|² − |q|²: the p where the most that any q makes of f is least, then the q that does it there. The
/// inner mode finds each most; the outer one differentiates by p through the whole of that search.
/// </summary>
internal static class Saddle
{
    public static Problem Problem { get; } = new(
        "saddle",
        ("rr", input => Of(input, inner => new ReverseMost(inner), DifferentiationMode.Reverse)),
        ("ff", input => Of(input, inner => new ForwardMost(inner), DifferentiationMode.Forward)),
        ("fr", input => Of(input, inner => new ForwardMost(inner), DifferentiationMode.Reverse)),
        ("rf", input => Of(input, inner => new ReverseMost(inner), DifferentiationMode.Forward)));

    /// <summary>The length of a vector.</summary>
    public static double Length((double X, double Y) v) => Math.Sqrt((v.X * v.X) + (v.Y * v.Y));

    private static Evaluation Of(Argument input, Func<DifferentiationMode, Most> make, DifferentiationMode inner)
    {
        var given = input["start"].Tensor(2);
        var (start, most) = ((given[0], given[1]), make(inner));
        most.ValueAndSlope((0, 0), (1, 1));
        return Evaluation.Of(
            () =>
            {
                var search = new Search(most, start);
                search.Run();
                var least = search.Place;
                most.ValueAndSlope(least, start);
                return Tensor.Of(least.X, least.Y, most.Place.X, most.Place.Y);
            },
            static (writer, tensor) => writer.Tensor(tensor));
    }

    /// <summary>The search for the p of the least.</summary>
    private sealed class Search : Descent
    {
        private readonly Most _most;
        private readonly (double X, double Y) _start;
        private (double Value, (double X, double Y) Slope) _here;
        private (double Value, (double X, double Y) Slope) _there;
        private (double X, double Y) _next;

        public Search(Most most, (double X, double Y) start)
        {
            (_most, _start, Place) = (most, start, start);
            _here = most.ValueAndSlope(start, start);
        }

        public (double X, double Y) Place { get; private set; }

        protected override double Value => _here.Value;

        protected override double Steepness => Length(_here.Slope);

        protected override (double Length, double Value) Try(double rate)
        {
            _next = (Place.X - (rate * _here.Slope.X), Place.Y - (rate * _here.Slope.Y));
            _there = _most.ValueAndSlope(_next, _start);
            return (Length((Place.X - _next.X, Place.Y - _next.Y)), _there.Value);
        }

        protected override void Go() => (Place, _here) = (_next, _there);
    }
}
