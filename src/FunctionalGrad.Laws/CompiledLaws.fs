namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws 24 and 25: a compiled program gives what the interpreter gives, with machine code of its own and without.
[<RequireQualifiedAccess>]
module CompiledLaws =

    let private ofLibrary = lazy (Primitive.All |> Seq.map _.Name |> set)

    // A user's own primitive is one function, called by both; or a formula of ours.
    let rec private isExact (root: Expr) =
        Expr.nodes root
        |> List.forall (fun node ->
            match node with
            | Apply(primitive, _) ->
                match primitive.Expansion with
                | null ->
                    Exact.names.Contains primitive.Name
                    || not (ofLibrary.Value.Contains primitive.Name)
                | formula -> isExact formula
            | _ -> true)

    let private absolute (tensor: Tensor<float>) =
        Tensor.Of(tensor.Shape, tensor.ToArray() |> Array.map abs)

    // Entries that are not finite must be the same, and then there is nothing left to measure.
    let private finite (one: Tensor<float>) (other: Tensor<float>) =
        let pairs = Array.zip (one.ToArray()) (other.ToArray())

        let isSettled (a: float, b: float) =
            not (Double.IsFinite a && Double.IsFinite b)

        if pairs |> Array.exists (fun (a, b) -> isSettled (a, b) && not (a.Equals b)) then
            None
        else
            let rest pick =
                Tensor.Of(one.Shape, pairs |> Array.map (fun pair -> if isSettled pair then 0.0 else pick pair))

            Some(rest fst, rest snd)

    // Every node of the graph may round, so the scale is that of every node's size. No such scale is less than the value
    // itself: where even that one is enough, the other, which takes much longer to find, need not be known.
    let private close precision (at: Point<float>) (root: Expr) what (one: Tensor<float>) (other: Tensor<float>) =
        if one.Shape <> other.Shape then
            Verdict.equal what one other
        else
            match finite one other with
            | None -> Verdict.equal what one other
            | Some(a, b) ->
                let within scale =
                    Verdict.close precision (Scale.reductionLength root) scale what a b

                match within (absolute a) with
                | Broken _ -> within (Scale.ofValue precision root at)
                | verdict -> verdict

    let private agree (engine: Engine) precision (at: Point<float>) (quantities: (string * Expr) list) =
        let names, roots = List.unzip quantities
        let interpreted = engine.Evaluate precision roots at
        let generated = engine.Compile CodeGeneration.Always precision roots at
        let plain = engine.Compile CodeGeneration.Never precision roots at

        seq {
            for place, name in List.indexed names do
                let root = roots[place]
                let what = $"%s{name} ({precision} precision)"

                Verdict.equal $"%s{what}, compiled with machine code and without" generated[place] plain[place]
                close precision at root $"%s{what}, interpreted and compiled" interpreted[place] generated[place]

                if isExact root then
                    // Constants that meet are folded, so the graph that is run is the simplified one.
                    Verdict.equal
                        $"%s{what}, of the simplified graph, interpreted and compiled"
                        (engine.Evaluate precision [ root.Simplify() ] at |> List.head)
                        generated[place]
        }
        |> Verdict.all

    /// Law 24.
    let values =
        Law.both
            24
            "compiled against interpreted: equal where every operation is exact or one's own, ~ elsewhere, and the same bits with machine code and without"
            (fun engine precision case -> agree engine precision case.Point [ "the value", case.Root ])

    /// Law 25.
    let gradients =
        Law.both
            25
            "compile ∘ gradient ~ gradient ∘ interpret, with the same bits with machine code and without"
            (fun engine precision case ->
                let w = Expr.tensor (Dyadic.tensor 90 case.Root.Shape)

                agree
                    engine
                    precision
                    case.Point
                    [
                        "the value beside its gradient", case.Root

                        for x, derivative in engine.Pullback case.Root w (Case.variables case) |> GradientMap.toSeq do
                            $"the gradient by %s{x.Name}", derivative
                    ])

    /// All of them.
    let all = [ values; gradients ]
