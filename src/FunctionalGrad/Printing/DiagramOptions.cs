namespace FunctionalGrad;

/// <summary>How an expression is drawn.</summary>
public sealed record DiagramOptions
{
    /// <summary>
    /// How many nodes a drawing may have; more is an error, since no layout program copes with it and nobody could read it.
    /// </summary>
    public int MaxNodes { get; init; } = 1000;

    /// <summary>Whether a node of rank 1 or more tells its shape.</summary>
    public bool ShowShapes { get; init; } = true;
}
