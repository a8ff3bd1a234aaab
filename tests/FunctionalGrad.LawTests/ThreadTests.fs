module FunctionalGrad.LawTests.ThreadTests

open System
open System.Threading.Tasks
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

type private E = FunctionalGrad.Expr

let private numbers (seed: int) (shape: int list) =
    let random = Random seed
    Tensor.Generate(Shape.ofList shape, Func<int, float>(fun _ -> float (float32 (2.0 * random.NextDouble() - 1.0))))

let private holds name shapes (f: Expr list -> Expr) =
    testCase name (fun () ->
        let variables =
            shapes
            |> List.mapi (fun place shape -> E.Variable($"x%d{place}", Shape.ofList shape))

        let case =
            {
                Root = f (variables |> List.map (fun variable -> variable :> Expr))
                Point =
                    shapes
                    |> List.mapi (fun place shape -> variables[place], numbers place shape)
                    |> Point.ofTensors
            }

        match Law.judge Engine.library ThreadLaws.bits case with
        | Broken detail -> failtest detail
        | Holds -> ()
        | Vacuous -> failtest "it says nothing")

let private mean (x: Expr) = Expr.sum x / float x.Shape.Size

// The entries in order, in memory that each call takes for itself.
let private sorted =
    Primitive.Define(
        "sorted",
        Func<_, _>(fun shapes -> Seq.head shapes),
        Func<_, _>(fun operands ->
            let scratch = (Seq.head operands).ToArray()
            Array.sortInPlace scratch
            Tensor.Of((Seq.head operands).Shape, scratch)),
        Rule.General(PullbackRule(fun _ _ cotangent -> cotangent), PushforwardRule(fun _ tangents -> tangents[0])),
        Collections.Immutable.ImmutableArray.Empty
    )

[<Tests>]
let tests =
    testList
        "law 3: what works in memory of its own, on 8 threads at once"
        [
            holds "softmax of long rows" [ [ 40; 129 ] ] (fun xs -> (xs[0].Softmax 1 * xs[0].LogSoftmax 0) |> Expr.sum)

            holds "products of small matrices" [ [ 7; 9 ]; [ 9; 5 ] ] (fun xs -> xs[0].MatMul xs[1] |> Expr.sum)

            holds "batches of products with a transpose" [ [ 4; 30; 20 ]; [ 4; 30; 25 ] ] (fun xs ->
                E.Einsum("bki,bkj->bij", xs[0], xs[1]) |> Expr.sum)

            holds "cumulative sums and norms" [ [ 33; 65 ] ] (fun xs ->
                (xs[0].CumulativeSum 1).Norm(ReadOnlySpan [| 0 |]) |> Expr.sum)

            holds "a primitive of one's own" [ [ 600 ] ] (fun xs ->
                Expr.dot (sorted.Apply(ReadOnlySpan [| xs[0] |])) (Expr.tensor (numbers 9 [ 600 ])))

            // Too much work for the interpreter, so compiled alone.
            testCase "products of packed matrices" (fun () ->
                let x, y = Expr.tensorVar "x" [ 208; 210 ], Expr.tensorVar "y" [ 210; 212 ]

                let run =
                    Engine.library.Compile CodeGeneration.Automatic Precision.Double [ x.MatMul y ]

                let points =
                    [|
                        for seed in 0..1 ->
                            Point.ofTensors [ x, numbers seed [ 208; 210 ]; y, numbers (seed + 2) [ 210; 212 ] ]
                    |]

                let alone = points |> Array.map run

                let together =
                    Array.init 8 (fun place ->
                        Task.Factory.StartNew(
                            Func<_>(fun () -> [ for turn in 0..3 -> run points[(place + turn) % 2] ]),
                            TaskCreationOptions.LongRunning
                        ))

                for place in 0..7 do
                    for turn, values in List.indexed together[place].Result do
                        Expect.isTrue
                            (values[0].BitEquals(alone[(place + turn) % 2][0]))
                            $"thread %d{place}, call %d{turn}")
        ]
