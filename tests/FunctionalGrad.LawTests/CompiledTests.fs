module FunctionalGrad.LawTests.CompiledTests

open Expecto
open FunctionalGrad
open FunctionalGrad.Laws

let private compiled =
    { Engine.library with
        Evaluate = fun precision expressions at -> Engine.library.Compile CodeGeneration.Automatic precision expressions at
    }

// Making code takes longer than running it once, so a few graphs a law must do.
let private few =
    { FsCheckConfig.defaultConfig with
        maxTest = 8
    }

// Law 19 compares with the interpreter bit for bit, and compiled sums add up in an order of their own.
let private isOfResults law = not ((string law).StartsWith "19")

[<Tests>]
let laws =
    testList
        "every law holds on random graphs that are compiled"
        [
            for law in Laws.all |> List.filter isOfResults do
                testPropertyWithConfig few $"compiled: law %O{law}" (Law.property compiled law)
        ]
