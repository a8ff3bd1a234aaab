module FunctionalGrad.LawTests.BatchTests

open System
open System.Collections.Immutable
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

type private E = FunctionalGrad.Expr

// xᵢ − mean x, with a rule for batches or without.
let private centred (rule: BatchingRule | null) =
    let less (axis: int) (x: Expr) =
        x - x.Mean(ReadOnlySpan [| axis |], true)

    Primitive.Define(
        "centred",
        Func<_, _>(fun shapes -> shapes[0]),
        Func<_, _>(fun operands -> (operands[0] |> Expr.tensor |> less 0).Evaluate()),
        Rule.Linear(PullbackRule(fun _ _ cotangent -> less 0 cotangent)),
        ImmutableArray.Create(ImmutableArray.Create(Operand(Shape.ofList [ 3 ], Domain.Real))),
        rule
    )

let private along (axis: int) =
    BatchingRule(fun _ operands _ _ -> operands[0] - operands[0].Mean(ReadOnlySpan [| axis |], true))

// Every example gets what its neighbour should have.
let private rolled (expression: Expr) =
    let rows = List.init expression.Shape[0] (fun row -> Expr.item row expression)
    Expr.stack 0 (List.tail rows @ [ List.head rows ])

let private forgetful =
    { Engine.library with
        Batch = fun expressions batches -> Engine.library.Batch expressions batches |> List.map rolled
    }

// The first batch alone is seen; of the others every example gets the first one's.
let private stuck =
    { Engine.library with
        Batch =
            fun expressions batches ->
                let first (batch: Expr) =
                    (Expr.item 0 batch).BroadcastTo batch.Shape

                batches
                |> List.mapi (fun place (variable, batch) -> variable, (if place = 0 then batch else first batch))
                |> Engine.library.Batch expressions
    }

[<Tests>]
let tests =
    testList
        "batches"
        [
            testCase "a primitive of one's own without a rule for batches passes" (fun () -> centred null |> Laws.check)

            testCase "one with a right rule passes" (fun () -> centred (along 1) |> Laws.check)

            testCase "a rule along the wrong axis is caught, by its numbers" (fun () ->
                let error =
                    try
                        centred (along 0) |> Laws.check
                        failtest "no law was broken"
                    with :? LawBrokenException as broken ->
                        broken.Message

                Expect.stringContains error "law 22. batch" "the law"
                Expect.stringContains error "example" "which example"
                Expect.isFalse (error.Contains "it threw") "by its numbers")

            testCase "a rule of the wrong shape is caught" (fun () ->
                let summed =
                    BatchingRule(fun _ operands _ _ -> operands[0].Sum(ReadOnlySpan [| 0 |]))

                try
                    centred summed |> Laws.check
                    failtest "no law was broken"
                with :? LawBrokenException as broken ->
                    Expect.stringContains broken.Message "the batching rule of centred gave" "which rule")

            for name, engine in
                [
                    "examples that change places", forgetful
                    "examples that share a value", stuck
                ] do
                testCase $"%s{name} are caught within 100 cases" (fun () ->
                    match Law.search engine 1UL 100 BatchLaws.stacks with
                    | Some failure -> Expect.isFalse (failure.Detail.Contains "it threw") "by its numbers"
                    | None -> failtest "law 22 holds")

            testCase "the F# forms" (fun () ->
                let f (x: Expr) = Expr.dot x x * sin (Expr.item 0 x)
                let xs = Expr.tensor (Tensor.matrix [ [ 1.0; 2.0 ]; [ 0.5; -1.0 ] ])

                let each g =
                    Expr.stack 0 [ g (Expr.item 0 xs); g (Expr.item 1 xs) ] |> Expr.eval Point.empty

                Expect.equal (xs |> batch f |> Expr.eval Point.empty) (each f) "batch"
                Expect.equal (xs |> batch (grad f) |> Expr.eval Point.empty) (each (grad f)) "gradients"

                let w = Expr.vector [ 10.0; 1.0 ]
                let expected = Tensor.vector [ 12.0; 4.0 ]

                Expect.equal
                    (batchOver [ 0 ] (fun arguments -> Expr.dot arguments[0] arguments[1]) [ xs; w ]
                     |> Expr.eval Point.empty)
                    expected
                    "batchOver"

                Expect.equal
                    (batch2 (fun x y -> x * y) w w |> Expr.eval Point.empty)
                    (Tensor.vector [ 100.0; 1.0 ])
                    "batch2"

                let x = Expr.tensorVar "x" [ 2 ]
                Expect.equal (Expr.dot x w |> Expr.batch [ x, xs ] |> Expr.eval Point.empty) expected "Expr.batch")
        ]
