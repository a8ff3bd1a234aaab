namespace FunctionalGrad.Laws

open System
open System.Collections.Generic
open System.Threading.Tasks
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws 19 to 21: nothing depends on the order of a walk, on earlier runs, on threads or on names.
[<RequireQualifiedAccess>]
module OrderLaws =

    // A valid order that is as unlike the library's as the seed makes it: any node whose inputs are there may be next.
    let private shuffled seed (root: Expr) =
        let pending = List<Expr>(Expr.nodes root)
        let placed = HashSet<Expr>(HashIdentity.Reference)

        let ready (node: Expr) =
            match node with
            | Apply(_, inputs) -> inputs |> List.forall placed.Contains
            | _ -> true

        [
            while pending.Count > 0 do
                let choices = pending.FindAll(fun node -> ready node)

                let next =
                    choices[int (abs (Dyadic.number seed pending.Count) * 8.0) % choices.Count]

                pending.Remove next |> ignore
                placed.Add next |> ignore
                next
        ]

    let private evaluateIn (order: Expr list) precision (root: Expr) (at: Point<float>) =
        let order = TopologicalOrder.FromSequence order
        let roots = [| root |]

        match precision with
        | Precision.Double -> Interpreter<float>.Evaluate(order, ReadOnlySpan<Expr> roots, at)[0]
        | Precision.Single ->
            let values =
                Interpreter<float32>.Evaluate(order, ReadOnlySpan<Expr> roots, at.To<float32>())

            values[0].To<float>()

    /// Law 19, of values.
    let anyOrder =
        Law.both 19 "every valid topological order gives equal values" (fun engine precision case ->
            let expected = Judging.number engine precision case.Point case.Root

            [ 1..3 ]
            |> Seq.map (fun seed ->
                Verdict.equal
                    "values in two orders"
                    (evaluateIn (shuffled seed case.Root) precision case.Root case.Point)
                    expected)
            |> Verdict.all)

    /// Law 19, of gradients: the order of the summands of the root is the order in which the library meets the graph.
    let anyOrderOfUses =
        Law.both 19 "every valid topological order gives ~ gradients" (fun engine precision case ->
            let losses =
                Case.parts 4 case |> List.mapi (fun place part -> Case.scalar (62 + place) part)

            let sum = List.reduce (fun total (loss: Expr) -> total + loss) losses
            let backwards = losses |> List.rev |> List.reduce (fun total loss -> loss + total)
            let variables = Case.variables case

            let numbers root =
                Engine.gradient engine root variables
                |> Judging.numbers engine precision case.Point

            Judging.closeGradients
                precision
                sum
                Judging.one
                case.Point
                "gradients in two orders"
                (numbers sum)
                (numbers backwards))

    // The same graph of new nodes, and what stands at each place of its order.
    let private rebuilt (root: Expr) =
        let copies = Dictionary<Expr, Expr>(HashIdentity.Reference)

        for node in Expr.nodes root do
            copies[node] <-
                match node with
                | Apply(primitive, inputs) ->
                    primitive.Apply(ReadOnlySpan<Expr>(inputs |> List.map (fun input -> copies[input]) |> Array.ofList))
                | leaf -> leaf

        copies[root]

    let private places (root: Expr) =
        let order = TopologicalOrder.Of(ReadOnlySpan<Expr> [| root |])

        Expr.nodes root
        |> List.map (fun node ->
            match node with
            | Apply(primitive, inputs) -> primitive.ToString(), inputs |> List.map order.PositionOf
            | leaf -> string leaf, [])

    /// Law 19, of the library's order.
    let stableOrder =
        Law.both
            19
            "the library's own order is stable, and so, bit for bit, is what it gives"
            (fun engine precision case ->
                let w = Dyadic.tensor 63 case.Root.Shape
                let copy = rebuilt case.Root

                let gradient root =
                    Judging.pulled engine precision root w case.Point (Case.variables case)

                seq {
                    if places case.Root = places copy then
                        Holds
                    else
                        Broken $"the order of a graph and of its copy:\n  %A{places case.Root}\n  %A{places copy}"

                    Judging.equalMaps "the gradient of a graph and of its copy" (gradient case.Root) (gradient copy)
                }
                |> Verdict.all)

    /// Law 20.
    let purity =
        Law.both
            20
            "purity: the gradient taken twice, or on 8 threads at once, is bit-equal, and the graph's structural hash is unchanged"
            (fun engine precision case ->
                let w = Dyadic.tensor 64 case.Root.Shape
                let variables = Case.variables case
                let hash = Structure.Hash case.Root

                let gradient () =
                    Judging.pulled engine precision case.Root w case.Point variables

                let first = gradient ()
                let together = Array.init 8 (fun _ -> Task.Run(Func<_> gradient)) |> Task.WhenAll

                seq {
                    Judging.equalMaps "the gradient taken twice" first (gradient ())

                    for other in together.Result do
                        Judging.equalMaps "the gradient on another thread" first other

                    let after = Structure.Hash case.Root

                    if after = hash then
                        Holds
                    else
                        Broken $"the structural hash was %d{hash} and is %d{after}"
                }
                |> Verdict.all)

    /// Law 21.
    let renaming =
        Law.both 21 "renaming variables commutes with taking the gradient" (fun engine precision case ->
            let w = Dyadic.tensor 65 case.Root.Shape
            let variables = Case.variables case

            let names =
                variables
                |> List.map (fun x -> x, FunctionalGrad.Expr.Variable("renamed " + x.Name, x.Shape))

            let rename (expression: Expr) =
                expression.Substitute(readOnlyDict [ for x, y in names -> x, y :> Expr ])

            let at = names |> List.map (fun (x, y) -> y, case.Point[x]) |> Point.ofTensors
            let first = engine.Pullback case.Root (Expr.tensor w) variables
            let after = engine.Pullback (rename case.Root) (Expr.tensor w) (List.map snd names)

            names
            |> Seq.map (fun (x, y) ->
                let number = Judging.number engine precision at
                Verdict.equal $"by %s{x.Name}" (number (rename first[x])) (number after[y]))
            |> Verdict.all)

    /// All of them.
    let all = [ anyOrder; anyOrderOfUses; stableOrder; purity; renaming ]
