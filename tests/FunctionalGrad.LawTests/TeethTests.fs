module FunctionalGrad.LawTests.TeethTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws
open FunctionalGrad.LawTests.ReversePass

let private kinds = Primitive.All |> Seq.distinctBy _.Name |> List.ofSeq

let private cases (primitive: Primitive) =
    [
        for example in primitive.Examples do
            yield! Graphs.ofExample example |> Gen.sampleWithSeed (Rnd 3UL) 10 1
    ]

let private breaks engine law cases =
    cases
    |> List.exists (fun case ->
        match Law.judge engine law case with
        | Broken _ -> true
        | _ -> false)

// The pullback of one primitive is off by a part in a million.
let private slightlyWrong (wrong: Primitive) =
    { Engine.library with
        Pullback =
            fun root cotangent variables ->
                let pulled = Engine.library.Pullback root cotangent variables

                match root with
                | Call wrong.Name _ -> (1.0 + 1e-6) * pulled
                | _ -> pulled
    }

let private isDifferentiable (primitive: Primitive) =
    cases primitive
    |> List.exists (fun case ->
        Expr.sum case.Root
        |> Expr.gradient
        |> GradientMap.eval case.Point
        |> GradientMap.toSeq
        |> Seq.exists (fun (_, value) -> value |> Tensor.toList |> List.exists ((<>) 0.0)))

[<Tests>]
let tests =
    testList
        "the laws of primitives have teeth"
        [
            for primitive in kinds |> List.filter isDifferentiable do
                testCase
                    $"a pullback of %s{primitive.Name} that is off by a part in a million breaks the adjoint"
                    (fun () ->
                        Expect.isTrue (cases primitive |> breaks (slightlyWrong primitive) ModeLaws.adjoint) "broken")

            for name in [ "multiply"; "sum"; "contract"; "exp"; "divide" ] do
                testCase $"a reverse pass without masks leaks through %s{name}" (fun () ->
                    let primitive = kinds |> List.find (fun primitive -> primitive.Name = name)
                    Expect.isTrue (cases primitive |> breaks (engine NoFault) PrimitiveLaws.between) "it leaks")

            testCase "a wrong row of the table of kinks is noticed" (fun () ->
                let abs = kinds |> List.find (fun primitive -> primitive.Name = "abs")

                let wrong =
                    Kink(
                        Collections.Immutable.ImmutableArray.Create 0.0,
                        Collections.Immutable.ImmutableArray.Create 1.0,
                        "a wrong choice"
                    )

                let case, law = KinkLaws.ofRow abs (Shape.ofList []) wrong
                Expect.isTrue (breaks Engine.library law [ case ]) "broken")
        ]
