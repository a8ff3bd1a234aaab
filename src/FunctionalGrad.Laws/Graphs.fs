namespace FunctionalGrad.Laws

open System
open FsCheck
open FsCheck.FSharp
open FunctionalGrad
open FunctionalGrad.FSharp

/// <summary>
/// Random graphs. Each is grown node by node: a primitive, one of its examples, and for operands nodes that are already
/// there, so that nodes are shared and the graph is no tree.
/// </summary>
[<RequireQualifiedAccess>]
module Graphs =

    type private Growing =
        {
            Nodes: Expr list
            Entries: (Variable * Tensor<float>) list
        }

        member growing.Point = Point.ofTensors growing.Entries

    let private largestTensor = 24

    let private small (operands: Operand seq) =
        operands |> Seq.forall (fun operand -> operand.Shape.Size <= largestTensor)

    // Primitives with parameters come in many variants; grouped by name, each kind is as likely as any other.
    let private kindsOf (primitives: Primitive seq) =
        primitives
        |> Seq.collect _.Examples
        |> Seq.filter (fun example -> small example.Operands)
        |> Seq.groupBy _.Primitive.Name
        |> Seq.map (snd >> Array.ofSeq)
        |> Array.ofSeq

    let private isEmpty (example: Example) =
        example.Operands |> Seq.exists (fun operand -> operand.Shape.Size = 0)

    let private example kinds =
        gen {
            let! kind = Gen.elements kinds
            let! chosen = Gen.elements kind
            let! keepEmpty = Gen.choose (1, 8)

            if isEmpty chosen && keepEmpty > 1 then
                return!
                    kind
                    |> Array.filter (isEmpty >> not)
                    |> Array.append [| chosen |]
                    |> Array.last
                    |> Gen.constant
            else
                return chosen
        }

    let private fresh (operand: Operand) (growing: Growing) =
        gen {
            let! value = Sampling.tensor operand.Domain operand.Shape

            if operand.Domain.WholeNumbers then
                return Expr.tensor value, growing
            else
                let variable =
                    FunctionalGrad.Expr.Variable($"x%d{growing.Entries.Length}", operand.Shape)

                return
                    variable :> Expr,
                    {
                        Nodes = variable :> Expr :: growing.Nodes
                        Entries = growing.Entries @ [ variable, value ]
                    }
        }

    let private intoDomain (domain: Domain) (at: Point<float>) (expression: Expr) =
        if Domains.holdsAll domain (Expr.eval at expression) then
            Gen.constant expression
        else
            Gen.elements domain.Intervals
            |> Gen.map (fun interval -> Fitting.intoInterval interval expression)

    // Most operands are the latest nodes, so that graphs grow deep as well as wide.
    let private atHand (nodes: Expr list) =
        let latest = List.truncate 3 nodes
        Gen.frequency [ 2, Gen.elements latest; 1, Gen.elements nodes ]

    let private broadcasts (left: Shape) (right: Shape) =
        try
            Shape.Broadcast(left, right, "operands") |> ignore
            true
        with :? ShapeException ->
            false

    let private reused (loose: bool) (operand: Operand) (growing: Growing) =
        gen {
            let sameShape =
                growing.Nodes |> List.filter (fun node -> node.Shape = operand.Shape)

            let! node =
                if loose || sameShape.IsEmpty then
                    atHand growing.Nodes
                else
                    atHand sameShape

            let shaped =
                if loose && broadcasts node.Shape operand.Shape then
                    node
                else
                    Fitting.toShape operand.Shape node

            let! fitted = intoDomain operand.Domain growing.Point shaped
            return fitted, growing
        }

    // A choice that the graph itself makes, so that select meets conditions that are no constants.
    let private condition (wanted: Operand) (growing: Growing) =
        gen {
            let! node = atHand growing.Nodes
            let! threshold = Gen.elements [ -0.5; 0.25; 1.5 ]
            let chosen = FunctionalGrad.Expr.op_GreaterThan (node, Expr.constant threshold)
            return Fitting.toShape wanted.Shape chosen, growing
        }

    let private isCondition (domain: Domain) =
        domain.WholeNumbers
        && domain.Intervals[0].Low = 0.0
        && domain.Intervals[0].High = 1.0

    // A shape that broadcasts to the one wanted.
    let private stretched (operand: Operand) =
        let shape = operand.Shape

        let narrow =
            [
                for axis in 0 .. shape.Rank - 1 -> Operand(shape.With(axis, 1), operand.Domain)
            ]

        Gen.frequency
            [
                3, Gen.constant operand
                1, Gen.elements (Operand(Shape.ofList [], operand.Domain) :: narrow)
            ]

    let private operand elementwise (previous: Expr list) (example: Operand) (growing: Growing) =
        let wanted, loose =
            match previous with
            | last :: _ when elementwise -> Operand(last.Shape, example.Domain), true
            | _ -> example, elementwise && not growing.Nodes.IsEmpty

        let again =
            match previous with
            | last :: _ when last.Shape = wanted.Shape ->
                [
                    2,
                    intoDomain wanted.Domain growing.Point last
                    |> Gen.map (fun fitted -> fitted, growing)
                ]
            | _ -> []

        let any (operand: Operand) =
            if loose && previous.IsEmpty then
                growing.Nodes
                |> atHand
                |> Gen.map (fun node -> Operand(node.Shape, operand.Domain))
            else
                Gen.constant operand

        if growing.Nodes.IsEmpty then
            fresh wanted growing
        elif isCondition wanted.Domain then
            Gen.oneof [ fresh wanted growing; condition wanted growing ]
        elif wanted.Domain.WholeNumbers then
            fresh wanted growing
        else
            let made =
                gen {
                    let! operand =
                        if elementwise then
                            stretched wanted
                        else
                            Gen.constant wanted

                    return! fresh operand growing
                }

            let found =
                gen {
                    let! operand = any wanted
                    return! reused loose operand growing
                }

            Gen.frequency ([ 2, made; 8, found ] @ again)

    let rec private operands elementwise chosen (wanted: Operand list) growing =
        match wanted with
        | [] -> Gen.constant (List.rev chosen, growing)
        | next :: rest ->
            gen {
                let! expression, grown = operand elementwise chosen next growing
                return! operands elementwise (expression :: chosen) rest grown
            }

    let private apply (primitive: Primitive) (inputs: Expr list) =
        try
            primitive.Apply(ReadOnlySpan(Array.ofList inputs)) |> Some
        with :? ShapeException ->
            None

    let private isSmall (expression: Expr) = expression.Shape.Size <= largestTensor

    let private grow kinds growing =
        gen {
            let! example = example kinds
            let elementwise = example.Primitive.Rule :? Rule.Elementwise
            let! inputs, grown = operands elementwise [] (List.ofSeq example.Operands) growing

            return
                match apply example.Primitive inputs with
                | Some node when isSmall node && Domains.holdThroughout node grown.Point ->
                    { grown with
                        Nodes = node :: grown.Nodes
                    }
                | _ -> growing
        }

    // The last node, joined with what nothing used yet: otherwise much of the graph would be lost.
    let private close (growing: Growing) =
        match growing.Nodes |> List.partition (fun node -> node.Shape.Size > 0) with
        | root :: others, _ ->
            let used =
                growing.Nodes
                |> List.collect (fun node ->
                    match node with
                    | Apply(_, inputs) -> inputs
                    | _ -> [])

            let isUsed node =
                used |> List.exists (fun other -> obj.ReferenceEquals(node, other))

            others
            |> List.filter (fun node -> node :? Application && not (isUsed node))
            |> List.truncate 4
            |> List.indexed
            |> List.fold
                (fun joined (place, node) ->
                    let other = Fitting.toShape root.Shape node
                    let next = if place % 2 = 0 then joined * other else joined + other

                    if Domains.holdThroughout next growing.Point then
                        next
                    else
                        joined)
                root
        | [], root :: _ -> root
        | [], [] -> Expr.constant 1.0

    let private finish (growing: Growing) =
        let root = close growing

        let wanted =
            Expr.variables root
            |> List.map (fun variable -> variable, growing.Point[variable])

        {
            Root = root
            Point = Point.ofTensors wanted
        }

    let rec private steps count kinds growing =
        if count = 0 then
            Gen.constant growing
        else
            gen {
                let! grown = grow kinds growing
                return! steps (count - 1) kinds grown
            }

    let private start = { Nodes = []; Entries = [] }

    /// <summary>Graphs of some primitives, with a size that FsCheck lets grow from case to case.</summary>
    /// <param name="primitives">The primitives.</param>
    let generatorOf (primitives: Primitive seq) =
        let kinds = kindsOf primitives

        Gen.sized (fun size ->
            gen {
                let! count = Gen.choose (1, 3 + size / 5)
                let! grown = steps count kinds start
                return finish grown
            })

    /// Graphs of all primitives of the library.
    let generator = Primitive.All |> generatorOf

    /// <summary>A case that applies one primitive to variables, and whole-number constants, of an example.</summary>
    /// <param name="example">The example.</param>
    let ofExample (example: Example) =
        gen {
            let! inputs, grown =
                example.Operands
                |> Seq.fold
                    (fun soFar operand ->
                        gen {
                            let! inputs, growing = soFar
                            let! expression, grown = fresh operand growing
                            return expression :: inputs, grown
                        })
                    (Gen.constant ([], start))

            let root = example.Primitive.Apply(ReadOnlySpan(inputs |> List.rev |> Array.ofList))

            return
                {
                    Root = root
                    Point = Point.ofTensors grown.Entries
                }
        }
