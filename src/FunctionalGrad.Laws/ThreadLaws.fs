namespace FunctionalGrad.Laws

open System
open System.Threading
open System.Threading.Tasks
open FunctionalGrad
open FunctionalGrad.FSharp

/// Law 3, of threads: what several threads call at once gives each of them what it gives alone.
[<RequireQualifiedAccess>]
module ThreadLaws =

    let private threads = 8

    // Threads of their own that start together: a pool might run one after the other.
    let private together (work: int -> 'result) =
        use start = new Barrier(threads)

        let run place () =
            start.SignalAndWait()
            work place

        Array.init threads (fun place -> Task.Factory.StartNew(Func<_>(run place), TaskCreationOptions.LongRunning))
        |> Task.WhenAll
        |> _.GetAwaiter().GetResult()

    // The entries in the opposite order: other numbers of the same domains, since a thread that reads what another wrote is
    // seen only where that differs from its own.
    let private reversed (at: Point<float>) =
        at
        |> Point.toSeq
        |> Seq.map (fun (variable, value) -> variable, Tensor.Of(value.Shape, value.ToArray() |> Array.rev))
        |> List.ofSeq
        |> Point.ofTensors

    /// Law 3: compiled functions, the interpreter, the gradient and the simplified graph.
    let bits =
        Law.both
            3
            "threads: a compiled function, the interpreter, the gradient and simplify, called by 8 threads at once, give the bits that they give alone"
            (fun engine precision case ->
                let w = Expr.tensor (Dyadic.tensor 90 case.Root.Shape)

                let roots () =
                    case.Root
                    :: (engine.Pullback case.Root w (Case.variables case)
                        |> GradientMap.toList
                        |> List.map snd)

                let compiled =
                    [ CodeGeneration.Always; CodeGeneration.Never ]
                    |> List.map (fun generation -> generation, engine.Compile generation precision (roots ()))

                let results at =
                    [
                        for generation, run in compiled do
                            $"compiled, code generation {generation}", run at

                        "interpreted", engine.Evaluate precision (roots ()) at

                        "interpreted after simplify", engine.Evaluate precision (roots () |> List.map _.Simplify()) at
                    ]

                let points = [| case.Point; reversed case.Point |]
                let alone = points |> Array.map results

                let found = together (fun place -> results points[place % 2])

                seq {
                    for place, ofThread in Seq.indexed found do
                        for (what, expected), (_, actual) in List.zip alone[place % 2] ofThread do
                            for left, right in List.zip expected actual do
                                Verdict.equal $"value or gradient, %s{what}, alone and on 8 threads" left right
                }
                |> Verdict.all)

    /// All of them.
    let all = [ bits ]
