namespace FunctionalGrad;

/// <summary>In which direction derivatives are carried through a graph.</summary>
public enum DifferentiationMode
{
    /// <summary>The one that needs fewer directions. A Jacobian takes all of its directions in one pass.</summary>
    Automatic,

    /// <summary>From the variables to the results: a direction for each entry of the variables.</summary>
    Forward,

    /// <summary>From the results to the variables: a direction for each entry of the results.</summary>
    Reverse,
}
