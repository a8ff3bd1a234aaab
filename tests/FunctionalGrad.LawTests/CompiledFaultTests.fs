module FunctionalGrad.LawTests.CompiledFaultTests

open System
open System.Collections.Immutable
open System.Threading
open Expecto
open FsCheck
open FsCheck.FSharp
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

let private faults law (primitive: Primitive) =
    [
        for example in primitive.Examples do
            for case in Graphs.ofExample example |> Gen.sampleWithSeed (Rnd 1UL) 10 1 do
                yield! Law.failureOn Engine.library "an example" law case |> Option.toList
    ]

// Adds more to every result than to the one before it.
let private counting () =
    let calls = ref 0L

    Primitive.Elementwise(
        "counting",
        Func<float, float>(fun x -> x + 1e-3 * float (Interlocked.Increment &calls.contents)),
        Func<Expr, Expr, Expr | null>(fun _ _ -> Expr.constant 1.0)
    )

// Gives what it was asked for the last time, where it was asked before.
let private late () =
    let last = ref nan

    Primitive.Elementwise(
        "late",
        Func<float, float>(fun x ->
            let before = last.Value
            last.Value <- x
            if Double.IsNaN before then x else before),
        Func<Expr, Expr, Expr | null>(fun _ _ -> Expr.constant 1.0)
    )

// The sum of the entries, worked out in memory that all calls share.
let private sharing () =
    let scratch = Array.zeroCreate 16

    Primitive.Define(
        "sharing",
        Func<_, _>(fun _ -> Shape.ofList []),
        Func<_, _>(fun operands ->
            let values = (Seq.head operands).ToArray()
            Array.blit values 0 scratch 0 values.Length
            Thread.Sleep 1

            scratch
            |> Array.take values.Length
            |> Array.mapi (fun place x -> float (place + 1) * x)
            |> Array.sum
            |> Tensor.scalar),
        Rule.General(
            PullbackRule(fun _ _ cotangent -> cotangent * Expr.vector [ 1.0; 2.0; 3.0 ]),
            PushforwardRule(fun _ tangents ->
                match tangents[0] with
                | null -> null
                | tangent -> Expr.dot (Expr.vector [ 1.0; 2.0; 3.0 ]) tangent)
        ),
        ImmutableArray.Create(ImmutableArray.Create(Operand(Shape.ofList [ 3 ], Domain.Real)))
    )

/// What can be wrong with a compiler, as an engine that has it.
let private planted =
    [
        "the last entry is forgotten where code is made",
        fun generation _ (run: Point<float> -> Tensor<float> list) at ->
            run at
            |> List.map (fun value ->
                if generation = CodeGeneration.Always && value.Size > 1 then
                    Tensor.Of(
                        value.Shape,
                        value.ToArray()
                        |> Array.mapi (fun place x -> if place = value.Size - 1 then 0.0 else x)
                    )
                else
                    value)

        "results are off by a part in a million",
        fun _ _ run at -> run at |> List.map (fun value -> (1.0 + 1e-6) * value)

        "zeros lose their sign where no code is made",
        fun generation _ run at ->
            run at
            |> List.map (fun value ->
                if generation = CodeGeneration.Never then
                    Tensor.Of(value.Shape, value.ToArray() |> Array.map (fun x -> x + 0.0))
                else
                    value)
    ]
    |> List.map (fun (name, spoil) ->
        name,
        { Engine.library with
            Compile =
                fun generation precision expressions ->
                    let run = Engine.library.Compile generation precision expressions
                    spoil generation precision run
        })

// Single precision with the digits of double, rounded once at the end: what contraction does, and more of it.
let private contracting =
    { Engine.library with
        Compile =
            fun generation precision expressions ->
                let run = Engine.library.Compile generation Precision.Double expressions

                fun at ->
                    run at
                    |> List.map (fun value ->
                        match precision with
                        | Precision.Single -> value.To<float32>().To<float>()
                        | Precision.Double -> value)
    }

// A compiled function that keeps its point in a field from which it reads again.
let private remembering =
    { Engine.library with
        Compile =
            fun generation precision expressions ->
                let run = Engine.library.Compile generation precision expressions
                let kept = ref Point.empty

                fun at ->
                    Volatile.Write(&kept.contents, at)
                    Thread.Yield() |> ignore
                    run (Volatile.Read &kept.contents)
    }

[<Tests>]
let tests =
    testList
        "the laws of compiled programs notice a fault"
        [
            testCase "an elementwise primitive that is no function breaks law 24, which shows both sides" (fun () ->
                let primitive = counting ()
                Expect.isNonEmpty (faults CompiledLaws.values primitive) "the law is broken"

                match
                    Laws.failuresOf Engine.library 1UL 1 primitive
                    |> List.filter (fun failure -> obj.ReferenceEquals(failure.Law, CompiledLaws.values))
                with
                | [ failure ] ->
                    let text = string failure
                    Expect.stringContains text "law 24. compiled against interpreted" "the law"
                    Expect.stringContains text "counting [" "the program and its input"
                    Expect.stringContains text "left" "one side"
                    Expect.stringContains text "right" "the other side"
                | found -> failtest $"%d{found.Length} failures")

            testCase "one that remembers its last operand does too, and breaks law 3" (fun () ->
                Expect.isNonEmpty (faults CompiledLaws.values (late ())) "law 24"
                Expect.isNonEmpty (faults ThreadLaws.bits (late ())) "law 3")

            testCase
                "a primitive whose calls share memory breaks law 3, and law 3 alone of the laws of compiled programs"
                (fun () ->
                    let primitive = sharing ()
                    Expect.isNonEmpty (faults ThreadLaws.bits primitive) "law 3"
                    Expect.isEmpty (faults CompiledLaws.values primitive) "law 24"
                    Expect.isEmpty (faults CompiledLaws.gradients primitive) "law 25")

            for name, engine in planted do
                for law in CompiledLaws.all do
                    testCase $"%s{name}: law %d{law.Number} is broken within 100 cases" (fun () ->
                        match Law.search engine 1UL 100 law with
                        | Some failure -> Expect.isFalse (failure.Detail.Contains "it threw") "by its numbers"
                        | None -> failtest "it holds")

            testCase "more digits than the precision has: law 24 is broken within 100 cases" (fun () ->
                match Law.search contracting 1UL 100 CompiledLaws.values with
                | Some failure -> Expect.stringContains failure.Detail "bit for bit" "by the exact operations"
                | None -> failtest "it holds")

            testCase "a function that keeps its point: law 3 is broken within 100 cases" (fun () ->
                Expect.isSome (Law.search remembering 1UL 100 ThreadLaws.bits) "broken")
        ]
