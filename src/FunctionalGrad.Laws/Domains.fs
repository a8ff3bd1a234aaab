namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Whether the operands of a graph's nodes lie where their primitives are smooth.
[<RequireQualifiedAccess>]
module Domains =

    // An operand that may be any real number is kept small, so that single precision does not overflow a few nodes later.
    let private anyNumber = 8.0

    // Values of other sizes would overflow or underflow in single precision, where no relative error is promised.
    let private largest = 100.0
    let private smallest = 1e-6

    let private isReal (domain: Domain) =
        domain.Intervals.Length = 1
        && domain.Intervals[0].Low = Domain.Real.Intervals[0].Low
        && domain.Intervals[0].High = Domain.Real.Intervals[0].High

    /// <summary>Whether a number lies in a domain.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="number">The number.</param>
    let holds (domain: Domain) (number: float) =
        if domain.WholeNumbers then
            domain.Intervals
            |> Seq.exists (fun interval -> interval.Low <= number && number <= interval.High && Double.IsInteger number)
        elif isReal domain then
            abs number <= anyNumber
        else
            domain.Intervals
            |> Seq.exists (fun interval -> interval.Low <= number && number <= interval.High)

    /// <summary>Whether all entries of a tensor lie in a domain.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="tensor">The tensor.</param>
    let holdsAll (domain: Domain) (tensor: Tensor<float>) =
        tensor.ToArray() |> Array.forall (holds domain)

    /// <summary>The domain of an operand, from the primitive's own examples.</summary>
    /// <param name="primitive">The primitive.</param>
    /// <param name="operand">The operand, from 0.</param>
    let ofOperand (primitive: Primitive) operand =
        primitive.Examples
        |> Seq.tryPick (fun example -> Seq.tryItem operand example.Operands)
        |> Option.map _.Domain
        |> Option.defaultValue Domain.Real

    let private shapesOnly = set [ "broadcast"; "reshape" ]

    let private fits (valueOf: Expr -> Tensor<float>) (node: Expr) =
        let value = valueOf node

        let bounded =
            value.ToArray()
            |> Array.forall (fun number -> number = 0.0 || (smallest <= abs number && abs number <= largest))

        match node with
        | Apply(primitive, inputs) when bounded && not (shapesOnly.Contains primitive.Name) ->
            inputs
            |> List.indexed
            |> List.forall (fun (operand, input) -> holdsAll (ofOperand primitive operand) (valueOf input))
        | _ -> bounded

    /// <summary>Whether a graph can be evaluated at a point with every operand in its domain and every value of modest
    /// size.</summary>
    /// <param name="root">The graph.</param>
    /// <param name="at">The point.</param>
    let holdThroughout (root: Expr) (at: Point<float>) =
        let nodes = Expr.nodes root |> Array.ofList

        try
            let values = Interpreter<float>.Evaluate(ReadOnlySpan<Expr> nodes, at)

            let found =
                Collections.Generic.Dictionary<Expr, Tensor<float>>(HashIdentity.Reference)

            Array.iteri (fun place node -> found[node] <- values[place]) nodes
            nodes |> Array.forall (fits (fun node -> found[node]))
        with
        | :? IndexOutsideException
        | :? LoopLimitException ->
            // Something outside its domain on the way may be an index, or keep a loop from stopping.
            false
