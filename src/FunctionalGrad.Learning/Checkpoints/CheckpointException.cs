namespace FunctionalGrad.Learning;

/// <summary>
/// Thrown when a file of tensors is not what it should be: cut, damaged, of another kind or of another run. The message says
/// what is wrong, at which byte, what was expected and what to do next. Nothing of such a file is ever returned.
/// </summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Creates the exception from its message.</summary>
    /// <param name="message">What is wrong, both values, and what to do next.</param>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception for a place in a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="offset">Which byte of it, from 0.</param>
    /// <param name="problem">What is wrong there, and what to do next.</param>
    internal CheckpointException(string source, long offset, string problem)
        : base($"{source}, byte {offset}: {problem}") => Offset = offset;

    /// <summary>The byte of the file, from 0, where the problem stands; null where it is no matter of one place.</summary>
    public long? Offset { get; }
}
