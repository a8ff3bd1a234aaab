using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>Derivatives compared with central differences over a grid of steps, of which the best counts.</summary>
internal static class FiniteDifferences
{
    // No one step serves: a large one truncates, a small one rounds, and where they meet depends on the function.
    private static readonly ImmutableArray<double> Steps = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
    private static readonly ImmutableArray<double> StepsTowardsKink = [1e-4, 1e-5, 1e-6];
    private const double OneSidedStep = 1e-6;
    private const double GapOfKink = 1e-2;

    /// <summary>Compares a gradient with differences of the value, by entry where there are few, else along directions.</summary>
    /// <param name="value">The function.</param>
    /// <param name="gradient">Its gradient at the point.</param>
    /// <param name="at">The point, a tensor for each argument.</param>
    /// <param name="names">The names of the arguments.</param>
    /// <param name="options">How.</param>
    public static GradientReport Compare(
        Func<ImmutableArray<Tensor<double>>, double> value,
        ImmutableArray<Tensor<double>> gradient,
        ImmutableArray<Tensor<double>> at,
        ReadOnlySpan<string> names,
        GradientCheckOptions options)
    {
        var entries = at.Sum(argument => (long)argument.Size);
        var byDirections = entries > options.LargestEntries;
        var comparisons = ImmutableArray.CreateBuilder<GradientComparison>();
        if (byDirections)
        {
            var random = new Random(options.Seed);
            for (var i = 0; i < options.Directions; i++)
            {
                var direction = Direction(at, random);
                comparisons.Add(Along($"direction {i}", direction, step: 1));
            }
        }
        else
        {
            for (var argument = 0; argument < at.Length; argument++)
            {
                for (var place = 0; place < at[argument].Size; place++)
                {
                    var entry = at[argument].Shape.IsScalar ? "" : EntryText.Of(EntryText.Indices(at[argument].Shape, place));
                    comparisons.Add(Along(
                        names[argument] + entry, Basis(at, argument, place), Math.Max(1, Math.Abs(at[argument].Values[place]))));
                }
            }
        }

        return new(comparisons.ToImmutable(), byDirections, options);

        GradientComparison Along(string what, ImmutableArray<Tensor<double>> direction, double step)
        {
            var slope = 0.0;
            for (var argument = 0; argument < direction.Length; argument++)
            {
                for (var i = 0; i < direction[argument].Size; i++)
                {
                    // An entry that does not move counts for nothing, infinite as its derivative may be.
                    var component = direction[argument].Values[i];
                    slope += component == 0 ? 0 : component * gradient[argument].Values[i];
                }
            }

            return Judge(what, slope, h => value(Moved(at, direction, h)), step, options.Tolerance);
        }
    }

    private static GradientComparison Judge(string what, double slope, Func<double, double> along, double scale, double tolerance)
    {
        var (nearest, best) = (double.NaN, double.NaN);
        foreach (var h in Steps)
        {
            var step = h * scale;
            var narrow = along(step) - along(-step);
            Try(narrow / (2 * step), step);
            Try(((8 * narrow) - (along(2 * step) - along(-2 * step))) / (12 * step), step);
        }

        var here = along(0);
        var (left, right) = Sides(OneSidedStep * scale);
        var allowed = tolerance * Math.Max(1, Math.Abs(slope));
        var finite = double.IsFinite(slope) && double.IsFinite(left) && double.IsFinite(right);

        // Central differences of |x| at 0 give 0 too, so whether they agree does not tell that there is a kink.
        var verdict = finite && (IsJump() || IsKink()) ? GradientVerdict.Kink
            : Math.Abs(nearest - slope) <= allowed ? GradientVerdict.Agrees
            : finite ? GradientVerdict.Differs
            : GradientVerdict.NotFinite;
        return new(what, slope, nearest, best, left, right, verdict);

        void Try(double difference, double step)
        {
            if (double.IsNaN(nearest) || Math.Abs(difference - slope) < Math.Abs(nearest - slope))
            {
                (nearest, best) = (difference, step);
            }
        }

        (double Left, double Right) Sides(double h) => ((here - along(-h)) / h, (along(h) - here) / h);

        // The slopes stay apart, and what is given for the derivative lies between them.
        bool IsKink() => StepsTowardsKink.All(h => Gap(h * scale) > GapOfKink)
            && slope >= Math.Min(left, right) - (GapOfKink * Math.Max(1, Math.Abs(left)))
            && slope <= Math.Max(left, right) + (GapOfKink * Math.Max(1, Math.Abs(right)));

        // A slope that grows as the step shrinks, ten times for ten times.
        bool IsJump()
        {
            var (widerLeft, widerRight) = Sides(10 * OneSidedStep * scale);
            return (Math.Abs(left) > 1 && Math.Abs(left) > 9 * Math.Abs(widerLeft))
                || (Math.Abs(right) > 1 && Math.Abs(right) > 9 * Math.Abs(widerRight));
        }

        double Gap(double h) => Sides(h) is var (fromLeft, fromRight)
            ? Math.Abs(fromRight - fromLeft) / Math.Max(1, Math.Max(Math.Abs(fromRight), Math.Abs(fromLeft)))
            : 0;
    }

    private static ImmutableArray<Tensor<double>> Basis(ImmutableArray<Tensor<double>> at, int argument, int place) =>
        [.. at.Select((tensor, k) => Tensor.Generate(tensor.Shape, i => k == argument && i == place ? 1.0 : 0.0))];

    // Signs at random, of length 1 together: every entry counts as much as any other.
    private static ImmutableArray<Tensor<double>> Direction(ImmutableArray<Tensor<double>> at, Random random)
    {
        var size = 1 / Math.Sqrt(at.Sum(tensor => (double)tensor.Size));
        return [.. at.Select(tensor => Tensor.Generate(tensor.Shape, _ => random.Next(2) == 0 ? size : -size))];
    }

    private static ImmutableArray<Tensor<double>> Moved(
        ImmutableArray<Tensor<double>> at, ImmutableArray<Tensor<double>> direction, double step) =>
        [.. at.Zip(direction, (tensor, along) => tensor + (step * along))];
}
