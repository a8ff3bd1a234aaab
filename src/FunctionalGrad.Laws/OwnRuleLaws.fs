namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws that find what users' own rules and kernels mostly get wrong where the modes agree with each other.
[<RequireQualifiedAccess>]
module OwnRuleLaws =

    /// A kernel for each precision is still one function.
    let precisions =
        Law.inDouble 0 "the value in single precision ~ the value in double precision, rounded" (fun engine _ case ->
            let value precision =
                Judging.number engine precision case.Point case.Root

            let single, double = value Precision.Single, value Precision.Double

            if double.ToArray() |> Array.forall Double.IsFinite then
                Verdict.close
                    Precision.Single
                    (Scale.reductionLength case.Root)
                    (Scale.ofValue Precision.Single case.Root case.Point)
                    "the value in single and in double precision"
                    single
                    double
            else
                Vacuous)

    /// Law 13 once more: for the derivative as a function.
    let secondDifferences =
        Law.inDouble
            13
            "finite differences of the gradient are within 1e-7·max(1, |d|) of the second derivative"
            (fun engine precision case ->
                let variables = Case.variables case

                let slope =
                    Engine.gradient engine (Case.scalar 46 case.Root) variables
                    |> GradientMap.dot (Dyadic.map 48 variables |> Judging.constants)

                match Expr.variables slope with
                | [] -> Vacuous
                | _ -> ModeLaws.finiteDifferences.Judge engine precision { case with Root = slope })

    /// A derivative of one's own is the function's, where it should be.
    let ownDerivative =
        Law.inDouble
            28
            "a derivative of one's own ~ the derivative of the function itself, in both modes"
            (fun engine precision case ->
                let variables = Case.variables case
                let plain = Differentiate.WithoutOwnDerivatives case.Root
                let v, w = Dyadic.map 91 variables, Dyadic.tensor 92 case.Root.Shape

                let pulled root =
                    Judging.pulled engine precision root w case.Point variables

                let pushed root =
                    engine.Pushforward root (Judging.constants v)
                    |> Judging.number engine precision case.Point

                seq {
                    Judging.closeGradients
                        precision
                        plain
                        w
                        case.Point
                        "Jᵀ·w by the rule given and by the function itself"
                        (pulled case.Root)
                        (pulled plain)

                    Verdict.close
                        precision
                        (Scale.reductionLength plain)
                        (Scale.forward precision plain v case.Point)
                        "J·v by the rule given and by the function itself"
                        (pushed case.Root)
                        (pushed plain)
                }
                |> Verdict.all)

    /// Those that hold for every primitive.
    let all = [ precisions; secondDifferences ]
