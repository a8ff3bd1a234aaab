using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace FunctionalGrad;

/// <summary>What a comparison of a derivative with finite differences came to.</summary>
public enum GradientVerdict
{
    /// <summary>Some finite difference comes within the tolerance of the derivative.</summary>
    Agrees,

    /// <summary>
    /// The slopes from the two sides stay apart as the step shrinks and the derivative given lies between them, or they grow
    /// without bound: the point is a kink or a jump, where there is no derivative to compare with.
    /// </summary>
    Kink,

    /// <summary>The derivative, or the function beside the point, is NaN or infinite, so there is nothing to compare.</summary>
    NotFinite,

    /// <summary>No finite difference comes near: the derivative is wrong, or the function too rough for any of the steps.</summary>
    Differs,
}

/// <summary>One derivative and the finite difference that came nearest to it.</summary>
/// <param name="What">What it is the derivative by: <c>x[2]</c>, or <c>direction 3</c>.</param>
/// <param name="Analytic">The derivative.</param>
/// <param name="Numeric">The nearest finite difference; NaN where none was finite.</param>
/// <param name="Step">The step that gave it.</param>
/// <param name="Left">The slope from the left, (f(x) − f(x − h))/h at h = 1e-6.</param>
/// <param name="Right">The slope from the right, (f(x + h) − f(x))/h at h = 1e-6.</param>
/// <param name="Verdict">What the comparison came to.</param>
public sealed record GradientComparison(
    string What, double Analytic, double Numeric, double Step, double Left, double Right, GradientVerdict Verdict)
{
    /// <summary>|analytic − numeric|.</summary>
    public double Error => Math.Abs(Analytic - Numeric);

    /// <summary>The error in units of max(1, |analytic|), which the tolerance bounds.</summary>
    public double RelativeError => Error / Math.Max(1, Math.Abs(Analytic));
}

/// <summary>A gradient compared with finite differences, entry by entry or along directions. Immutable; prints the worst first.</summary>
[DebuggerDisplay("{Summary,nq}")]
public sealed class GradientReport
{
    private const int Shown = 20;

    internal GradientReport(ImmutableArray<GradientComparison> comparisons, bool isByDirections, GradientCheckOptions options)
    {
        Comparisons = comparisons;
        IsByDirections = isByDirections;
        Options = options;
    }

    /// <summary>Every comparison, in the order of the arguments and their entries.</summary>
    public ImmutableArray<GradientComparison> Comparisons { get; }

    /// <summary>Whether random directions were taken, since there are too many entries.</summary>
    public bool IsByDirections { get; }

    /// <summary>How it was checked.</summary>
    public GradientCheckOptions Options { get; }

    /// <summary>Whether no derivative is wrong: each agrees, or stands at a kink, where none can be wrong.</summary>
    public bool Passed => Count(GradientVerdict.Differs) == 0 && Count(GradientVerdict.NotFinite) == 0;

    /// <summary>The comparison with the largest error, differing ones first; null where there is nothing to differentiate by.</summary>
    public GradientComparison? Worst => WorstFirst().FirstOrDefault();

    /// <summary>The first line of the text.</summary>
    public string Summary
    {
        get
        {
            var what = IsByDirections
                ? $"along {Comparisons.Length} random directions (seed {Options.Seed})"
                : $"by {Comparisons.Length} {(Comparisons.Length == 1 ? "entry" : "entries")}";
            var parts = new List<string> { $"{Count(GradientVerdict.Agrees)} agree" };
            Add(GradientVerdict.Differs, "differ");
            Add(GradientVerdict.NotFinite, "not finite");
            Add(GradientVerdict.Kink, "at a kink");
            return $"gradient {(Passed ? "passed" : "FAILED")} {what}: {string.Join(", ", parts)}";

            void Add(GradientVerdict verdict, string words)
            {
                if (Count(verdict) is > 0 and var count)
                {
                    parts.Add($"{count} {words}");
                }
            }
        }
    }

    /// <summary>The summary and a line for each comparison, the worst first, at most 20.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Summary);
        foreach (var comparison in WorstFirst().Take(Shown))
        {
            text.Append('\n').Append(Line(comparison));
        }

        return Comparisons.Length > Shown ? text.Append($"\n  … {Comparisons.Length - Shown} more, with smaller errors").ToString() : text.ToString();
    }

    private int Count(GradientVerdict verdict) => Comparisons.Count(comparison => comparison.Verdict == verdict);

    private IEnumerable<GradientComparison> WorstFirst() => Comparisons
        .OrderByDescending(comparison => comparison.Verdict)
        .ThenByDescending(comparison => double.IsNaN(comparison.RelativeError) ? double.PositiveInfinity : comparison.RelativeError);

    private string Line(GradientComparison comparison) => comparison.Verdict switch
    {
        GradientVerdict.Agrees => string.Create(
            Invariant, $"  {comparison.What}: {comparison.Analytic:R}; finite difference {comparison.Numeric:R} at step {comparison.Step}, relative error {comparison.RelativeError:0.0e+0}"),
        GradientVerdict.Differs => string.Create(
            Invariant, $"  {comparison.What}: {comparison.Analytic:R} DIFFERS from the finite difference {comparison.Numeric:R} (step {comparison.Step}, the best one) by {comparison.RelativeError:0.0e+0} relative; allowed is {Options.Tolerance}"),
        GradientVerdict.Kink => string.Create(
            Invariant, $"  {comparison.What}: {comparison.Analytic:R} at a kink or a jump: the slope is {comparison.Left:G6} from the left and {comparison.Right:G6} from the right, so there is no derivative to compare with"),
        _ => string.Create(
            Invariant, $"  {comparison.What}: {comparison.Analytic:R} cannot be compared: the derivative or the function beside the point is not finite (slopes {comparison.Left:G6} and {comparison.Right:G6}); ExplainNonFiniteGradient says why"),
    };

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;
}
