namespace FunctionalGrad.Laws

open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws 30 and 31: what a trace shows is what the library does, and pushing without mutation gives what pulling gives.
[<RequireQualifiedAccess>]
module TraceLaws =

    let private wide (map: GradientMap<Tensor<float32>>) =
        map
        |> GradientMap.toList
        |> List.map (fun (variable, value) -> variable, value.To<float>())
        |> GradientMap.ofList

    // What a trace shows, the library's own gradient, and the end of the pushed pass.
    let private passes precision (loss: Expr) (at: Point<float>) =
        match precision with
        | Precision.Double ->
            (Trace.gradient at loss).Gradient,
            loss.Gradient().Evaluate at,
            Trace.pushed at loss
            |> List.tryLast
            |> Option.map (fun step -> step.After.Gradient)
        | Precision.Single ->
            let at = at.To<float32>()

            wide (Trace.gradient at loss).Gradient,
            loss.Gradient().Evaluate at |> wide,
            Trace.pushed at loss
            |> List.tryLast
            |> Option.map (fun step -> wide step.After.Gradient)

    /// Law 30.
    let lastMap =
        Law.both 30 "the last map of a trace is the gradient, bit for bit" (fun _ precision case ->
            let traced, gradient, _ = passes precision (Case.scalar 80 case.Root) case.Point
            Judging.equalMaps "the trace's gradient and the library's" traced gradient)

    /// Law 30, of each step.
    let sums =
        Law.inDouble
            30
            "every adjoint of a trace is the sum of its uses, and every map keeps what was known"
            (fun _ _ case ->
                let loss = Case.scalar 80 case.Root
                let trace = Trace.gradient case.Point loss

                Trace.steps trace
                |> Seq.collect (fun step ->
                    seq {
                        if not step.Uses.IsEmpty then
                            let sum = step.Uses |> Seq.map _.Value |> Seq.reduce (+)
                            Verdict.equal $"the adjoint of {step.Node} and the sum of its uses" step.AdjointValue sum

                        Verdict.equal $"the new entry of {step.Node}" step.After[step.Node] step.AdjointValue

                        if step.Before.ContainsKey step.Node || step.After.Count <> step.Before.Count + 1 then
                            Broken $"the step of {step.Node} does more than define its adjoint"
                    })
                |> Verdict.all)

    /// Law 31.
    let pushed =
        Law.both 31 "the push-fold of persistent maps ~ pull" (fun engine precision case ->
            let loss = Case.scalar 81 case.Root
            let _, _, pushed = passes precision loss case.Point

            match pushed with
            | None -> Vacuous
            | Some pushed ->
                let variables = GradientMap.variables pushed

                let pulled =
                    Engine.gradient engine loss variables
                    |> Judging.numbers engine precision case.Point

                Judging.closeGradients precision loss Judging.one case.Point "pushed and pulled" pushed pulled)

    /// All of them.
    let all = [ lastMap; sums; pushed ]
