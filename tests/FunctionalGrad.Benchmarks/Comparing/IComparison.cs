namespace FunctionalGrad.Benchmarks;

/// <summary>
/// One job done in several ways that give the same numbers: by straightforward C# with the derivative worked out by hand, by
/// C# tuned for the machine, and by FunctionalGrad's compiled program. Every way keeps its working memory between calls, and
/// returns new arrays for what it was asked for, unless its own description says otherwise.
/// </summary>
public interface IComparison
{
    /// <summary>Whether there is a version written for vector registers.</summary>
    bool HasTuned { get; }

    /// <summary>How many times one call does the job: a call that trains a thousand steps does a thousand.</summary>
    int JobsPerCall { get; }

    /// <summary>Builds the expressions of the function and its gradient.</summary>
    void Build();

    /// <summary>Compiles what FunctionalGrad runs, and builds it before if that is not done.</summary>
    /// <param name="generation">
    /// When it makes machine code: always, to compare what runs after any number of calls; automatically, to see what a user
    /// waits for.
    /// </param>
    void Compile(CodeGeneration generation);

    /// <summary>Runs every way once.</summary>
    /// <exception cref="DisagreementException">They do not give the same numbers.</exception>
    void Check();

    /// <summary>The straightforward loops.</summary>
    object Straightforward();

    /// <summary>The loops over vector registers.</summary>
    object Tuned();

    /// <summary>The compiled function with its gradient, or the compiled step.</summary>
    object Compiled();

    /// <summary>The compiled function without its gradient.</summary>
    object FunctionAlone();

    /// <summary>The bytes that the compiled program works in; none where it is several behind functions.</summary>
    long? WorkingBytes { get; }

    /// <summary>The compiled program as text.</summary>
    string Listing { get; }
}
