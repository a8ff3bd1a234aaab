namespace FunctionalGrad;

/// <summary>
/// Thrown when a type of parameters cannot be taken apart into tensors and put together again, or when two structures that
/// should have the same form have not. The message names the type, the path of the member and what to do.
/// </summary>
public sealed class ParametersException : ArgumentException
{
    /// <summary>Creates the exception from its message.</summary>
    /// <param name="message">What does not fit, where, and what to do.</param>
    public ParametersException(string message)
        : base(message)
    {
    }
}
