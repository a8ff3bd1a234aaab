namespace FunctionalGrad;

/// <summary>
/// Whether a compiled function makes machine code at run time. Code runs faster and takes some milliseconds to make; without
/// it the same program runs kernel by kernel, with the same bits. Where the runtime allows no code to be made, none is.
/// </summary>
public enum CodeGeneration
{
    /// <summary>When the calls seen so far say that it is worth while.</summary>
    Automatic,

    /// <summary>Before the first call.</summary>
    Always,

    /// <summary>Not at all.</summary>
    Never,
}
