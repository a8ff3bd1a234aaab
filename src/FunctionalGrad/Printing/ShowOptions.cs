namespace FunctionalGrad;

/// <summary>How a function and its derivative are shown.</summary>
/// <param name="Simplify">Whether to simplify both and to share equal parts first; what is shown then equals what a
/// compiled function runs, and not what the rules wrote down.</param>
/// <param name="Shapes">Whether the shapes of variables, parts and results are shown; those of scalars never are.</param>
public sealed record ShowOptions(bool Simplify = true, bool Shapes = true);
