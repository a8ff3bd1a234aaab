module FunctionalGrad.LawTests.StepTests

open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws
open FunctionalGrad.Learning

let private optimisers =
    [
        Optimiser.GradientDescent
        Optimiser.Momentum()
        Optimiser.Adam()
        Optimiser.GradientDescent.WithClipping 1.0
    ]

let private next (optimiser: Optimiser) (state: TrainingState<float>) gradient =
    optimiser.Step(state, 0.0, gradient, 0.1)

let private steps =
    [
        "moving a point", (fun point gradient -> point |> Point.move -0.1 gradient)

        for optimiser in optimisers do
            string optimiser, (fun point gradient -> (next optimiser (TrainingState.Start point) gradient).Point)
    ]

[<Tests>]
let tests =
    testList
        "laws of a step"
        [
            for name, step in steps do
                for law in [ StepLaws.leavesInputs name step; StepLaws.zeroMovesNothing name step ] do
                    testProperty law.Statement (Law.property Engine.library law)

            for optimiser in optimisers do
                let law =
                    StepLaws.resumes (string optimiser) TrainingState.Start (next optimiser) id

                testProperty law.Statement (Law.property Engine.library law)

            testCase "a step that decays weights is caught moving without a gradient" (fun () ->
                let decay (point: Point<float>) _ =
                    point
                    |> Point.toSeq
                    |> Seq.map (fun (key, value) -> key, 0.5 * value)
                    |> List.ofSeq
                    |> Point.ofTensors

                Expect.isSome (Law.search Engine.library 1UL 20 (StepLaws.zeroMovesNothing "decay" decay)) "it moves")

            testCase "a saved state that forgets its moments is caught" (fun () ->
                let forget (state: TrainingState<float>) = TrainingState.Start state.Point

                let law =
                    StepLaws.resumes "momentum" TrainingState.Start (next (Optimiser.Momentum())) forget

                Expect.isSome (Law.search Engine.library 1UL 20 law) "it forgets")
        ]
