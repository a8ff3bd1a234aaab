module FunctionalGrad.LawTests.RandomGraphTests

open Expecto
open FunctionalGrad.Laws

[<Tests>]
let laws =
    testList
        "every law holds on random graphs"
        [
            for law in Laws.all do
                testProperty $"law %O{law}" (Law.property Engine.library law)
        ]
