namespace FunctionalGrad;

/// <summary>In which direction derivatives are carried through a graph.</summary>
public enum DifferentiationMode
{
    /// <summary>The one that needs fewer passes.</summary>
    Automatic,

    /// <summary>From the variables to the results: a pass for each entry of the variables.</summary>
    Forward,

    /// <summary>From the results to the variables: a pass for each entry of the results.</summary>
    Reverse,
}
