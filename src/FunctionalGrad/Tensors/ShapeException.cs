namespace FunctionalGrad;

/// <summary>
/// Thrown on the line that combined shapes which do not fit. The message names the operation, the shapes and a way out.
/// </summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Creates the exception from its message.</summary>
    /// <param name="message">What does not fit, both shapes, and what to do next.</param>
    public ShapeException(string message)
        : base(message)
    {
    }
}
