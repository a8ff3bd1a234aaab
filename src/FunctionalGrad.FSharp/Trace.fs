namespace FunctionalGrad.FSharp

open System
open FunctionalGrad

/// Reverse passes step by step, as lists to fold over.
[<RequireQualifiedAccess>]
module Trace =

    /// <summary>The gradient of a scalar at a point, step by step, as the library pulls it: the root's adjoint first.</summary>
    /// <param name="at">The values of its variables.</param>
    /// <param name="loss">A scalar.</param>
    /// <exception cref="T:FunctionalGrad.ShapeException">The expression is not a scalar.</exception>
    let gradient (at: Point<'T>) (loss: Expr) = loss.TraceGradient(at, ReadOnlySpan())

    /// <summary>The same pass pushed: each step adds one contribution to one entry of a map, which gives a new map.</summary>
    /// <param name="at">The values of its variables.</param>
    /// <param name="loss">A scalar.</param>
    /// <exception cref="T:FunctionalGrad.ShapeException">The expression is not a scalar.</exception>
    let pushed (at: Point<'T>) (loss: Expr) =
        loss.TracePushedGradient(at, ReadOnlySpan()) |> List.ofSeq

    /// <summary>The steps of a trace.</summary>
    /// <param name="trace">The trace.</param>
    let steps (trace: GradientTrace<'T>) = List.ofSeq trace.Steps

    /// <summary>Every map of a trace, from the empty one to the last; they share what they have in common.</summary>
    /// <param name="trace">The trace.</param>
    let maps (trace: GradientTrace<'T>) =
        match steps trace with
        | [] -> []
        | first :: _ as steps -> first.Before :: (steps |> List.map _.After)
