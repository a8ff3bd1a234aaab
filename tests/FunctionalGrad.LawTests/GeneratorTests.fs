module FunctionalGrad.LawTests.GeneratorTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

let private cases seed count =
    [
        for place in 0 .. count - 1 do
            yield!
                Graphs.generator
                |> Gen.sampleWithSeed (Rnd(seed + uint64 place)) (place % 100 + 1) 1
    ]

let private primitives (case: Case) =
    Expr.nodes case.Root
    |> List.choose (fun node ->
        match node with
        | Apply(primitive, _) -> Some primitive.Name
        | _ -> None)

let private isShared (case: Case) =
    Expr.nodes case.Root
    |> List.collect (fun node ->
        match node with
        | Apply(_, inputs) -> inputs |> List.filter (fun input -> input :? Application)
        | _ -> [])
    |> List.countBy (fun input -> Runtime.CompilerServices.RuntimeHelpers.GetHashCode input)
    |> List.exists (fun (_, uses) -> uses > 1)

let private share holds cases =
    float (cases |> List.filter holds |> List.length) / float (List.length cases)

// Where a sum is broken on purpose, to see what it shrinks to.
let private noSines =
    Law.inDouble 0 "no graph has a sine" (fun _ _ case ->
        if primitives case |> List.contains "sin" then
            Broken "it has"
        else
            Holds)

[<Tests>]
let generator =
    testList
        "random graphs"
        [
            testCase "the same seed draws the same program" (fun () ->
                let texts () = cases 5UL 20 |> List.map _.Text
                Expect.equal (texts ()) (texts ()) "programs")

            testCase "every primitive occurs" (fun () ->
                let seen = cases 1UL 3000 |> List.collect primitives |> set
                let all = Primitive.All |> Seq.map _.Name |> set
                Expect.isEmpty (all - seen) "primitives that never occurred")

            testCase "most graphs share inner nodes" (fun () ->
                Expect.isGreaterThan (cases 2UL 300 |> share isShared) 0.5 "the share of graphs that are no trees")

            testCase "extents of 0 and 1, broadcasts and scalars all occur" (fun () ->
                let shapes =
                    cases 3UL 300
                    |> List.collect (fun case -> Expr.nodes case.Root |> List.map _.Shape)

                Expect.exists shapes (fun shape -> shape.Size = 0) "an extent of 0"
                Expect.exists shapes (fun shape -> shape.Rank > 1 && Seq.contains 1 shape) "an extent of 1"
                Expect.exists shapes _.IsScalar "a scalar")

            testCase "every operand lies in its primitive's domain" (fun () ->
                Expect.all (cases 4UL 200) (fun case -> Domains.holdThroughout case.Root case.Point) "cases")

            testCase "numbers are exact in single precision" (fun () ->
                let numbers =
                    cases 6UL 100
                    |> Seq.collect (fun case -> Point.toSeq case.Point)
                    |> Seq.collect (snd >> Tensor.toList)

                Expect.all numbers (fun number -> float (float32 number) = number) "numbers")

            testCase "a failure shrinks to a small program" (fun () ->
                let failure = Law.search Engine.library 1UL 200 noSines |> Option.get
                let text = failure.Case.Text
                Expect.isLessThanOrEqual (Expr.nodes failure.Case.Root).Length 3 text
                Expect.stringContains text "sin [" text)

            testCase "every law has something to say on most graphs" (fun () ->
                let sample = cases 7UL 60

                for law in Laws.all do
                    let speaks case =
                        Law.judge Engine.library law case <> Vacuous

                    Expect.isGreaterThan (share speaks sample) 0.5 (string law))
        ]
