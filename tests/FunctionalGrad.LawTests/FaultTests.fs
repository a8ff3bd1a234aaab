module FunctionalGrad.LawTests.FaultTests

open Expecto
open FunctionalGrad.Laws
open FunctionalGrad.LawTests.ReversePass

let private faults =
    [
        AssignInsteadOfAdd
        KeepOnlyTheFirst
        InputsAsSet
        NoTopologicalOrder
        OneWrongPartial
        OneTransposedOperand
        ForgottenBroadcastSum
    ]

// How a program is run does not depend on the pass that made its graph.
let private isOfDerivatives law =
    CompiledLaws.all @ ThreadLaws.all
    |> List.forall (fun other -> not (obj.ReferenceEquals(law, other)))

let private caughtBy fault law = Law.search (engine fault) 1UL 100 law

[<Tests>]
let tests =
    testList
        "the laws notice a faulty reverse pass"
        [
            for law in Laws.all |> List.filter isOfDerivatives do
                testCase $"the copy without a fault keeps law %O{law}" (fun () ->
                    match caughtBy NoFault law with
                    | None -> ()
                    | Some failure -> failtest (string failure))

            for fault in faults do
                testCase $"%A{fault} is caught within 100 cases" (fun () ->
                    match Laws.all |> List.tryPick (caughtBy fault) with
                    | Some failure ->
                        Expect.isFalse (failure.Detail.Contains "it threw") "by its numbers, not by an exception"
                    | None -> failtest "no law was broken")

                testCase $"%A{fault} is caught by finite differences and by the adjoint" (fun () ->
                    for law in [ ModeLaws.finiteDifferences; ModeLaws.adjoint ] do
                        match caughtBy fault law with
                        | None -> failtest $"%O{law} holds"
                        | Some failure -> Expect.isFalse (failure.Detail.Contains "it threw") "by its numbers")
        ]
