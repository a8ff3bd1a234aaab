namespace FunctionalGrad;

/// <summary>
/// A loop that had not stopped when it reached the most steps that it was given: a while whose condition still held, or a
/// fixed point that had not converged. Nothing was returned, since whatever was reached is not the value asked for.
/// </summary>
/// <param name="message">Which loop, after how many steps, where it stood, and what to do.</param>
public sealed class LoopLimitException(string message) : InvalidOperationException(message);
