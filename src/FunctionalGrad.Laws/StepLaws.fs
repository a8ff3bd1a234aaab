namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// <summary>
/// Law 27: a step of learning is a pure function. What a step is belongs to another library, so these laws take it as an
/// argument: a function from a point and a gradient to the next point.
/// </summary>
[<RequireQualifiedAccess>]
module StepLaws =

    let private copy (entries: seq<Variable * Tensor<float>>) =
        entries |> Seq.map (fun (_, value) -> value.ToArray()) |> List.ofSeq

    let private gradient (case: Case) = Dyadic.map 90 (Case.variables case)

    /// <summary>A step leaves its inputs as they were.</summary>
    /// <param name="name">The name of the rule, for the report.</param>
    /// <param name="step">One step.</param>
    let leavesInputs name (step: Point<float> -> GradientMap<Tensor<float>> -> Point<float>) =
        Law.inDouble 27 $"a step of %s{name} leaves its inputs as they were" (fun _ _ case ->
            let g = gradient case
            let before = copy (Point.toSeq case.Point), copy (GradientMap.toSeq g)
            let once = step case.Point g
            let after = copy (Point.toSeq case.Point), copy (GradientMap.toSeq g)
            let twice = step case.Point g

            if before <> after then
                Broken $"the inputs were %A{before} and are %A{after}"
            elif not (once.Equals twice) then
                Broken $"one step from one point gave {once} and then {twice}"
            else
                Holds)

    /// <summary>A zero gradient moves nothing.</summary>
    /// <param name="name">The name of the rule, for the report.</param>
    /// <param name="step">One step of a rule without momentum or decay.</param>
    let zeroMovesNothing name (step: Point<float> -> GradientMap<Tensor<float>> -> Point<float>) =
        Law.inDouble 27 $"a zero gradient moves nothing under %s{name}" (fun _ _ case ->
            let zero =
                gradient case |> GradientMap.map (fun value -> Tensor<float>.Zeros value.Shape)

            let moved = step case.Point zero

            case.Point
            |> Point.toSeq
            |> Seq.map (fun (variable, value) -> Verdict.equal variable.Name moved[variable] value)
            |> Verdict.all)

    /// <summary>Saved and resumed equals never stopped.</summary>
    /// <param name="name">The name of the rule, for the report.</param>
    /// <param name="start">The state before the first step.</param>
    /// <param name="step">One step.</param>
    /// <param name="reload">A state that was saved and loaded again.</param>
    let resumes
        name
        (start: Point<float> -> 'state)
        (step: 'state -> GradientMap<Tensor<float>> -> 'state)
        (reload: 'state -> 'state)
        =
        Law.inDouble 27 $"%s{name}, saved and resumed, equals never stopped" (fun _ _ case ->
            let gradients = [ for place in 1..4 -> float place * gradient case ]
            let run = List.fold step
            let whole = run (start case.Point) gradients
            let before, after = List.splitAt 2 gradients
            let resumed = run (reload (run (start case.Point) before)) after

            if resumed = whole then
                Holds
            else
                Broken $"resumed after 2 steps:\n  %A{resumed}\nnever stopped:\n  %A{whole}")
