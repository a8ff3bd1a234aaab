using System.Globalization;

namespace FunctionalGrad.Samples.CurveFit;

/// <summary>What is printed of a fit.</summary>
internal static class Report
{
    // NIST certifies eleven digits.
    private const double MostDigits = 11;

    public static IEnumerable<string> Lines(string formula, Curve curve, Observations observed)
    {
        yield return $"y = {formula}";
        yield return Line($"{observed.Count} observations, {curve.Fit.Iterations} iterations");
        yield return "";
        yield return $"{"parameter",-12} {"value",22} {"standard error",22}";
        foreach (var parameter in curve.Parameters)
        {
            yield return Line($"{parameter.Name,-12} {Digits(curve.Fit.At[parameter].ToScalar()),22} {Digits(curve.Fit.StandardErrors[parameter].ToScalar()),22}");
        }

        yield return "";
        yield return $"residual standard deviation {Digits(curve.Fit.StandardDeviation)}";
        yield return Line($"degrees of freedom {curve.Fit.DegreesOfFreedom}");
    }

    public static IEnumerable<string> Against(NistFile nist, Curve curve, int from)
    {
        yield return Line($"{nist.Name}, from start {from}: certified against found, {curve.Fit.Iterations} iterations");
        yield return "";
        yield return $"{"",-12} {"certified",22} {"found",22}  digits agreed";
        for (var i = 0; i < nist.Parameters.Length; i++)
        {
            var (certified, parameter) = (nist.Parameters[i], curve.Parameters[i]);
            yield return Compared(parameter.Name, certified.Value, curve.Fit.At[parameter].ToScalar());
            yield return Compared("  its error", certified.StandardError, curve.Fit.StandardErrors[parameter].ToScalar());
        }

        yield return Compared("deviation", nist.StandardDeviation, curve.Fit.StandardDeviation);
        yield return Line($"{"freedom",-12} {nist.DegreesOfFreedom,22} {curve.Fit.DegreesOfFreedom,22}");
    }

    /// <summary>To how many digits two numbers agree, at most eleven.</summary>
    public static double DigitsAgreed(double certified, double found) =>
        certified == found ? MostDigits : Math.Clamp(-Math.Log10(Math.Abs(found - certified) / Math.Abs(certified)), 0, MostDigits);

    private static string Compared(string name, double certified, double found) =>
        Line($"{name,-12} {certified.ToString("0.0000000000E+00", CultureInfo.InvariantCulture),22} {found.ToString("0.0000000000E+00", CultureInfo.InvariantCulture),22}  {DigitsAgreed(certified, found):0.0}");

    private static string Digits(double number) => number.ToString("G12", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
