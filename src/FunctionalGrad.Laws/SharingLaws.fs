namespace FunctionalGrad.Laws

open System
open System.Collections.Generic
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws 17 and 18: each use of a node contributes once, however the graph is shared.
[<RequireQualifiedAccess>]
module SharingLaws =

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
                    let whole = Judging.pulled engine precision case.Root w case.Point [ x ]
                    let parts = Judging.pulled engine precision root w at copies
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
                    let scale = Scale.reverse precision case.Root w case.Point variables

                    Judging.maps
                        (fun variable -> Verdict.close precision length scale[variable])
                        "gradients"
                        (Judging.pulled engine precision case.Root w case.Point variables)
                        (Judging.pulled engine precision other w case.Point variables)
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

    /// All of them.
    let all = [ occurrences; unfolding; merging ]
