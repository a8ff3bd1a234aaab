namespace FunctionalGrad.FSharp

/// Holds the place of the first module of this library.
module Placeholder =

    /// <summary>The derivative of <c>x * x</c>.</summary>
    /// <param name="x">Any real number.</param>
    let derivativeOfSquare (x: float) =
        FunctionalGrad.Placeholder.DerivativeOfSquare x
