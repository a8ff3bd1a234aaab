module FunctionalGrad.LawTests.LoopLawTests

open System
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

let private search form count =
    LoopLaws.ofForm form |> Law.searchIn LoopLaws.bodies Engine.library 1UL count

let private written step state items = [ List.fold step state items ]

let private stopped (expression: Expr) =
    FunctionalGrad.Expr.StopGradient expression

// All steps but the last as a loop, and the last one by itself.
let private withLast (last: (Expr -> Expr -> Expr) -> Expr -> Expr -> Expr) =
    {
        Name = "a faulty fold"
        Loop =
            fun step state items ->
                match items.Shape[0] with
                | 0 -> [ state ]
                | length ->
                    let before =
                        items.Slice(ReadOnlySpan [| Range.EndAt(Index(length - 1)) |])
                        |> Expr.fold step state

                    [ last step before (items |> Expr.item (length - 1)) ]
        Written = written
    }

// The value of the step, whose derivative by what it captures is forgotten.
let private capturingNothing (step: Expr -> Expr -> Expr) (state: Expr) (item: Expr) : Expr =
    let s = FunctionalGrad.Expr.Variable("s", state.Shape)
    let x = FunctionalGrad.Expr.Variable("x", item.Shape)
    let next = step s x

    let captured =
        Expr.variables next
        |> List.filter (fun variable -> not (obj.ReferenceEquals(variable, s) || obj.ReferenceEquals(variable, x)))

    next.Substitute(
        readOnlyDict
            [
                yield s, state
                yield x, item

                for variable in captured do
                    yield variable, stopped variable
            ]
    )

[<Tests>]
let tests =
    testList
        "loops and their steps written out"
        [
            for law in LoopLaws.all do
                testCase $"law %O{law}, for random bodies" (fun () ->
                    match Law.searchIn LoopLaws.bodies Engine.library 32UL 100 law with
                    | None -> ()
                    | Some failure -> failtest (string failure))

            for what, last in
                [
                    "captures", capturingNothing
                    "reads from its item", (fun step state item -> step state (stopped item))
                    "is given as its state", (fun step state item -> step (stopped state) item)
                ] do
                testCase $"a loop whose last step forgets what it %s{what} breaks the law" (fun () ->
                    match search (withLast last) 100 with
                    | Some failure -> Expect.isFalse (failure.Detail.Contains "it threw") "by its numbers"
                    | None -> failtest "it holds")

            testCase "the same without a fault keeps it" (fun () ->
                match search (withLast (fun step state item -> step state item)) 50 with
                | None -> ()
                | Some failure -> failtest (string failure))
        ]
