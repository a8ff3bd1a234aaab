module FunctionalGrad.LawTests.StepTests

open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws
open FunctionalGrad.Learning

let private steps: (string * (Point<float> -> GradientMap<Tensor<float>> -> Point<float>)) list =
    [
        "moving a point", (fun point gradient -> point |> Point.move -0.1 gradient)
        "gradient descent",
        (fun point gradient -> GradientDescent.Step(TrainingState.Start point, 0.0, gradient, 0.1).Point)
    ]

[<Tests>]
let tests =
    testList
        "laws of a step"
        [
            for name, step in steps do
                for law in [ StepLaws.leavesInputs name step; StepLaws.zeroMovesNothing name step ] do
                    testProperty law.Statement (Law.property Engine.library law)

            testCase "a step that decays weights is caught moving without a gradient" (fun () ->
                let decay (point: Point<float>) _ =
                    point
                    |> Point.toSeq
                    |> Seq.map (fun (key, value) -> key, 0.5 * value)
                    |> List.ofSeq
                    |> Point.ofTensors

                Expect.isSome (Law.search Engine.library 1UL 20 (StepLaws.zeroMovesNothing "decay" decay)) "it moves")
        ]
