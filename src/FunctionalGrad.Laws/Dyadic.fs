namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// <summary>
/// Numbers for directions and weights: multiples of 1/8 up to 2, never 0, so that sums and products of them are exact in
/// either precision. Each follows from a salt and its position alone, so a graph that shrinks keeps them.
/// </summary>
[<RequireQualifiedAccess>]
module Dyadic =

    let private mix (state: uint64) =
        let a = (state ^^^ (state >>> 30)) * 0xBF58476D1CE4E5B9UL
        let b = (a ^^^ (a >>> 27)) * 0x94D049BB133111EBUL
        b ^^^ (b >>> 31)

    /// <summary>The number at a position.</summary>
    /// <param name="salt">Which sequence.</param>
    /// <param name="position">Where in it.</param>
    let number (salt: int) (position: int) =
        let bits = mix (uint64 salt * 0x9E3779B97F4A7C15UL + uint64 position + 1UL)
        let magnitude = float (bits % 16UL + 1UL) / 8.0
        if bits &&& 0x100UL = 0UL then magnitude else -magnitude

    /// <summary>A tensor of such numbers.</summary>
    /// <param name="salt">Which sequence.</param>
    /// <param name="shape">Its shape.</param>
    let tensor salt (shape: Shape) =
        Tensor.Generate(shape, Func<int, float>(number salt))

    /// <summary>A map of such numbers over variables.</summary>
    /// <param name="salt">Which sequence; every variable has its own part of it.</param>
    /// <param name="variables">The variables.</param>
    let map salt (variables: Variable list) =
        variables
        |> List.mapi (fun place variable -> variable, tensor (salt + 1000 * (place + 1)) variable.Shape)
        |> GradientMap.ofList
