using System.Collections.Immutable;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>A module of the protocol.</summary>
/// <param name="Module">Its name.</param>
/// <param name="Functions">Its functions: each makes itself ready for an input.</param>
internal sealed record Problem(string Module, params ImmutableArray<(string Name, Func<Argument, Evaluation> Prepare)> Functions)
{
    /// <summary>A function by its name.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public Func<Argument, Evaluation> Function(string? name)
    {
        foreach (var function in Functions)
        {
            if (function.Name == name)
            {
                return function.Prepare;
            }
        }

        throw new RequestException($"{Module} has no function {name ?? "without a name"}; it has {string.Join(", ", Functions.Select(function => function.Name))}");
    }
}
