namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// A charged particle falls between two charges of its own sign, one of them at a height of 10 − w: how far from x = 0 does it hit
/// the ground, squared, and which w makes that least? The force is the slope of the potential, by the inner mode; the slope by w
/// goes through the whole fall, by the outer one.
/// </summary>
internal static class Particle
{
    public static Problem Problem { get; } = new(
        "particle",
        ("rr", input => Of(input, new ReverseFall(DifferentiationMode.Reverse))),
        ("ff", input => Of(input, new ForwardFall(DifferentiationMode.Forward))),
        ("fr", input => Of(input, new ForwardFall(DifferentiationMode.Reverse))),
        ("rf", input => Of(input, new ReverseFall(DifferentiationMode.Forward))));

    private static Evaluation Of(Argument input, Fall fall)
    {
        var start = input["w"].Number();
        fall.ValueAndSlope(0);
        return Evaluation.Of(
            () =>
            {
                var search = new Search(fall, start);
                search.Run();
                return search.Place;
            },
            static (writer, w) => writer.Number(w));
    }

    /// <summary>The search for the w of the least value.</summary>
    private sealed class Search(Fall fall, double start) : Descent
    {
        private (double Value, double Slope) _here = fall.ValueAndSlope(start);
        private (double Value, double Slope) _there;
        private double _next;

        public double Place { get; private set; } = start;

        protected override double Value => _here.Value;

        protected override double Steepness => Math.Abs(_here.Slope);

        protected override (double Length, double Value) Try(double rate)
        {
            _next = Place - (rate * _here.Slope);
            _there = fall.ValueAndSlope(_next);
            return (Math.Abs(Place - _next), _there.Value);
        }

        protected override void Go() => (Place, _here) = (_next, _there);
    }
}
