module FunctionalGrad.LawTests.LoopTests

open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp

let private entries (expression: Expr) =
    expression.Evaluate().ToArray() |> List.ofArray

let private slope f at = diff f (Expr.constant at) |> Expr.value

[<Tests>]
let tests =
    testList
        "loops in F#"
        [
            let items = Expr.vector [ 1.0; 2.0; 3.0 ]
            let zero = Expr.constant 0.0

            testCase "fold, with and without checkpoints" (fun () ->
                let folder (total: Expr) (x: Expr) = total * 2.0 + x
                let wanted = List.fold (fun total x -> total * 2.0 + x) 0.0 [ 1.0; 2.0; 3.0 ]
                Expect.equal (items |> Expr.fold folder zero |> Expr.value) wanted "the fold"
                Expect.equal (items |> Expr.foldCheckpointed 2 folder zero |> Expr.value) wanted "with checkpoints"
                Expect.equal (slope (fun w -> Expr.fold (fun s x -> s * w + x) zero items) 2.0) 6.0 "d(w² + 2w + 3)")

            testCase "scan and mapFold are those of lists" (fun () ->
                let wanted = List.scan (+) 0.0 [ 1.0; 2.0; 3.0 ]
                Expect.equal (items |> Expr.scan (+) zero |> entries) wanted "the scan"

                let results, final = Expr.mapFold (fun s x -> s * x, s + x) zero items
                Expect.equal (entries results, Expr.value final) ([ 0.0; 2.0; 9.0 ], 6.0) "the mapFold")

            testCase "repeat, whileLoop, iterate and checkpoint" (fun () ->
                Expect.equal (Expr.constant 1.0 |> Expr.repeat 10 (fun s -> s * 2.0) |> Expr.value) 1024.0 "repeat"

                let halved x =
                    x
                    |> Expr.whileLoop
                        60
                        (fun s -> FunctionalGrad.Expr.op_GreaterThanOrEqual (s, Expr.constant 1.0))
                        (fun s -> s / 2.0)

                Expect.equal (slope halved 20.0) (1.0 / 32.0) "whileLoop"

                let root (a: Expr) =
                    Expr.constant 1.0 |> Expr.iterate 50 (fun x -> (x + a / x) / 2.0)

                Expect.equal (slope root 4.0) 0.25 "iterate"

                let near (x: Expr) (next: Expr) =
                    FunctionalGrad.Expr.op_LessThan (abs (x - next), Expr.constant 1e-9)

                Expect.equal
                    (Expr.constant 1.0
                     |> Expr.iterateUntil near 50 (fun x -> (x + 9.0 / x) / 2.0)
                     |> Expr.value)
                    3.0
                    "iterateUntil"

                Expect.equal (slope (Expr.checkpoint (fun x -> x * x)) 3.0) 6.0 "checkpoint")
        ]
