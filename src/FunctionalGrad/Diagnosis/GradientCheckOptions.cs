namespace FunctionalGrad;

/// <summary>How a gradient is checked against finite differences.</summary>
/// <param name="Tolerance">
/// How far a finite difference may be from the derivative d, in units of max(1, |d|). Differences of a function in double
/// precision seldom come nearer than 1e-9.
/// </param>
/// <param name="LargestEntries">Up to so many entries of the arguments each is checked; beyond, directions are.</param>
/// <param name="Directions">How many random directions of length 1 are checked where there are too many entries.</param>
/// <param name="Seed">The seed of the directions: the same one draws the same.</param>
public sealed record GradientCheckOptions(
    double Tolerance = 1e-7, int LargestEntries = 256, int Directions = 16, int Seed = 1);
