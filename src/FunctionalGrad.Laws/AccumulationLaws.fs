namespace FunctionalGrad.Laws

open System
open System.Collections.Generic
open System.Threading.Tasks
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws 17 to 21: contributions add up without anything being updated.
[<RequireQualifiedAccess>]
module AccumulationLaws =

    let private pulled (engine: Engine) precision (root: Expr) w (at: Point<float>) variables =
        engine.Pullback root (Expr.tensor w) variables
        |> Judging.numbers engine precision at

    // Every use of a variable replaced by a variable of its own.
    let private apart (x: Variable) (root: Expr) =
        let copies = List<Variable>()
        let rebuilt = Dictionary<Expr, Expr>(HashIdentity.Reference)

        let input (node: Expr) =
            if obj.ReferenceEquals(node, x) then
                copies.Add(FunctionalGrad.Expr.Variable($"%s{x.Name}.%d{copies.Count}", x.Shape))
                copies[copies.Count - 1] :> Expr
            else
                rebuilt[node]

        for node in Expr.nodes root do
            rebuilt[node] <-
                match node with
                | :? Application as application ->
                    application.With(ReadOnlySpan<Expr>(Array.map input (application.Inputs.ToArray())))
                | leaf -> leaf

        rebuilt[root], List.ofSeq copies

    /// Law 17.
    let occurrences =
        Law.both 17 "occurrences: with a fresh xᵢ for every use of x, g[x] = Σ g[xᵢ]" (fun engine precision case ->
            let w = Dyadic.tensor 60 case.Root.Shape

            Case.variables case
            |> Seq.map (fun x ->
                let root, copies = apart x case.Root

                let at =
                    copies |> List.fold (fun at copy -> Point.add copy case.Point[x] at) case.Point

                if copies.IsEmpty then
                    Vacuous
                else
                    let whole = pulled engine precision case.Root w case.Point [ x ]
                    let parts = pulled engine precision root w at copies
                    let numbers = copies |> List.map (fun copy -> parts[copy])
                    let sum = GradientMap.ofList [ x, List.reduce (+) numbers ]

                    if copies.Length <= 2 && precision = Precision.Double then
                        Judging.maps (fun _ -> Verdict.equalNumbers) "g[x] and Σ g[xᵢ]" whole sum
                    else
                        Judging.closeGradients precision case.Root w case.Point "g[x] and Σ g[xᵢ]" whole sum)
            |> Verdict.all)

    let private largestTree = 1500.0

    let private treeSize (root: Expr) =
        let sizes = Dictionary<Expr, float>(HashIdentity.Reference)

        for node in Expr.nodes root do
            sizes[node] <-
                match node with
                | Apply(_, inputs) -> 1.0 + List.sumBy (fun input -> sizes[input]) inputs
                | _ -> 1.0

        sizes[root]

    // Recursion, which a graph must never be walked by, is safe in a tree whose size is known.
    let rec private unfold (node: Expr) : Expr =
        match node with
        | :? Application as application ->
            application.Primitive.Apply(ReadOnlySpan<Expr>(Array.map unfold (application.Inputs.ToArray())))
        | leaf -> leaf

    let private alike what transform =
        Law.both 18 what (fun engine precision case ->
            match transform case.Root with
            | None -> Vacuous
            | Some(other: Expr) ->
                let w = Dyadic.tensor 61 case.Root.Shape
                let variables = Case.variables case
                let number = Judging.number engine precision case.Point

                seq {
                    Verdict.equal "values" (number case.Root) (number other)

                    // The tree sums over more uses of each node than the graph has.
                    let length = max (Scale.reductionLength case.Root) (Scale.reductionLength other)
                    let scale = Scale.reverse case.Root w case.Point variables

                    Judging.maps
                        (fun variable -> Verdict.close precision length scale[variable])
                        "gradients"
                        (pulled engine precision case.Root w case.Point variables)
                        (pulled engine precision other w case.Point variables)
                }
                |> Verdict.all)

    /// Law 18, of the tree.
    let unfolding =
        alike "sharing: a graph and the tree that it unfolds to have equal values and ~ gradients" (fun root ->
            if treeSize root > largestTree then
                None
            else
                Some(unfold root))

    /// Law 18, of merging.
    let merging =
        alike
            "sharing: a graph and the graph with common subexpressions merged have equal values and ~ gradients"
            (fun root -> Some(root.ShareCommonSubexpressions()))

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

    /// Law 19, of the library's order.
    let stableOrder =
        Law.inDouble
            19
            "the library's own order is stable, and bit for bit so is what it gives"
            (fun engine precision case ->
                let w = Dyadic.tensor 63 case.Root.Shape
                let variables = Case.variables case
                let copy, _ = apart (FunctionalGrad.Expr.Variable "none") case.Root

                let rebuilt =
                    match case.Root with
                    | :? Application as node -> node.Primitive.Apply(node.Inputs)
                    | leaf -> leaf

                let same =
                    List.forall2
                        (fun (a: Expr) b -> obj.ReferenceEquals(a, b))
                        (Expr.nodes case.Root)
                        (Expr.nodes copy)

                seq {
                    if same then
                        Holds
                    else
                        Broken "two orders of one graph differ"

                    Judging.equalMaps
                        "gradients of a graph and of its rebuilt root"
                        (pulled engine precision case.Root w case.Point variables)
                        (pulled engine precision rebuilt w case.Point variables)
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
                    pulled engine precision case.Root w case.Point variables

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
    let all =
        [
            occurrences
            unfolding
            merging
            anyOrder
            anyOrderOfUses
            stableOrder
            purity
            renaming
        ]
