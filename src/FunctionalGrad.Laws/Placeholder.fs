namespace FunctionalGrad.Laws

open FsCheck
open FsCheck.FSharp
open FunctionalGrad.FSharp

/// Holds the place of the first law of this library.
module Placeholder =

    /// The derivative of `x * x` is odd.
    let squareHasAnOddDerivative: Property =
        Prop.forAll (ArbMap.defaults |> ArbMap.arbitrary<int>) (fun n ->
            let x = float n
            Placeholder.derivativeOfSquare -x = -(Placeholder.derivativeOfSquare x))
