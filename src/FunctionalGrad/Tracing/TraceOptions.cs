namespace FunctionalGrad;

/// <summary>How a trace is written.</summary>
public sealed record TraceOptions
{
    /// <summary>The largest number of entries of a tensor that is written in full; larger ones are summarised.</summary>
    public int FullUpTo { get; init; } = 64;

    /// <summary>How many rows and columns the thumbnail of a summary may have.</summary>
    public int ThumbnailSide { get; init; } = 16;

    /// <summary>How many nodes a drawing may have; more is an error.</summary>
    public int MaxNodes { get; init; } = 1000;
}
