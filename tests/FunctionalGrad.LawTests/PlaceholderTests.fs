module FunctionalGrad.LawTests.PlaceholderTests

open Expecto
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

[<Tests>]
let placeholder =
    testList
        "placeholder"
        [
            testProperty "the derivative of a square is odd" Placeholder.squareHasAnOddDerivative

            testProperty "the derivative of a square doubles" (fun (n: int) ->
                Placeholder.derivativeOfSquare (float n) = 2.0 * float n)

            testCase "the derivative of a square at 3" (fun () ->
                Expect.floatClose Accuracy.veryHigh (Placeholder.derivativeOfSquare 3.0) 6.0 "2 * 3")
        ]
