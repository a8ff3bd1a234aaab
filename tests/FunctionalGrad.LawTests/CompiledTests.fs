module FunctionalGrad.LawTests.CompiledTests

open Expecto
open FunctionalGrad
open FunctionalGrad.Laws

let private compiled =
    { Engine.library with
        Evaluate =
            fun precision expressions at -> Engine.library.Compile CodeGeneration.Automatic precision expressions at
    }

// Making code takes longer than running it once, so a few graphs a law must do.
let private few =
    { FsCheckConfig.defaultConfig with
        maxTest = 8
    }

// Law 19 compares with the interpreter bit for bit, and compiled sums add up in an order of their own; and laws 24 and 25
// would compare what is compiled with itself.
let private isOfResults law =
    not (List.contains law.Number [ 19; 24; 25 ])

[<Tests>]
let laws =
    testList
        "every law holds on random graphs that are compiled"
        [
            for law in Laws.all |> List.filter isOfResults do
                testPropertyWithConfig few $"compiled: law %O{law}" (Law.property compiled law)
        ]
