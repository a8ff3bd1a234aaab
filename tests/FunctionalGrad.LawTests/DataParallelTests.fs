module FunctionalGrad.LawTests.DataParallelTests

open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp

let private w = Expr.tensorVar "w" [ 3 ]
let private x = Expr.tensorVar "x" [ 3 ]

let private compiled =
    (Expr.sum (sin (w * x) * exp w)).CompileWithGradient<float>(System.ReadOnlySpan [| w :?> Variable |])

// Numbers whose sum depends on the order of the additions.
let private pointsFrom (seed: int) count =
    let random = System.Random seed

    List.init count (fun _ ->
        let vector size =
            Tensor.vector (List.init 3 (fun _ -> size * (random.NextDouble() - 0.5)))

        Point.ofTensors [ w, vector 1.0; x, vector (10.0 ** float (random.Next(-3, 4))) ])

let private bits (value: float, gradient: GradientMap<Tensor<float>>) =
    System.BitConverter.DoubleToInt64Bits value,
    [
        for entry in (GradientMap.find w gradient).ToArray() -> System.BitConverter.DoubleToInt64Bits entry
    ]

[<Tests>]
let tests =
    testList
        "law 3: gradients of parts on several threads"
        [
            testProperty
                "a sum over parts is bit-equal for any number of workers, and every time"
                (fun (seed: int) (size: byte) ->
                    let points = pointsFrom seed (int size % 40)
                    let expected = DataParallel.gradientBy 1 compiled.Invoke points

                    if points.IsEmpty then
                        Expect.equal expected (0.0, GradientMap<Tensor<float>>.Zero) "the sum over nothing"
                    else
                        for workers in [ 1; 2; 3; 4; 8; 64 ] do
                            Expect.equal
                                (DataParallel.gradientBy workers compiled.Invoke points |> bits)
                                (bits expected)
                                $"%d{workers} workers on %d{points.Length} parts"

                        Expect.equal
                            (DataParallel.gradient compiled.Invoke points |> bits)
                            (bits expected)
                            "one a core")

            testCase "the order of the parts is seen, so the law above is about something" (fun () ->
                let points = pointsFrom 1 33
                let forwards = DataParallel.gradientBy 2 compiled.Invoke points
                let backwards = DataParallel.gradientBy 2 compiled.Invoke (List.rev points)
                Expect.notEqual (bits backwards) (bits forwards) "another order"

                Expect.floatClose
                    Accuracy.veryHigh
                    (GradientMap.dot (snd backwards) (snd forwards) |> Tensor.toScalar)
                    (GradientMap.dot (snd forwards) (snd forwards) |> Tensor.toScalar)
                    "but nearly the same sum")
        ]
