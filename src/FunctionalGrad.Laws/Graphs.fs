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

    // Most primitives are elementwise; a rule of another kind would else be met too seldom for its faults to show.
    let private kind (kinds: Example[][]) =
        let byRule =
            kinds
            |> Array.groupBy (fun kind -> kind[0].Primitive.Rule.GetType())
            |> Array.map snd

        Gen.frequency [ 1, Gen.elements kinds; 1, Gen.elements byRule |> Gen.bind Gen.elements ]

    let private example kinds =
        gen {
            let! kind = kind kinds
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

            let! inputs, grown =
                Operands.operands elementwise [] (List.ofSeq example.Operands) growing

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

        let exact =
            kinds |> Array.filter (fun kind -> Exact.names.Contains kind[0].Primitive.Name)

        // Some graphs are of exact operations alone: one other operation, and equality can no longer be asked for.
        let palettes =
            Gen.frequency
                [
                    4, Gen.constant kinds
                    (if exact.Length = 0 then 0 else 1), Gen.constant exact
                ]

        Gen.sized (fun size ->
            gen {
                let! kinds = palettes
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
                            let! expression, grown = Operands.fresh operand growing
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
