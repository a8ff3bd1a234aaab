module FunctionalGrad.LawTests.ParametersTests

open System.Collections.Generic
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp

type Layer<'v> = { W: 'v; b: 'v option; Name: string }

type Piece<'v> =
    | Dense of Layer<'v>
    | Scale of by: 'v * offset: 'v
    | Nothing

type Rate<'v> = Rate of 'v

[<Struct>]
type Pair<'v> = { First: 'v; Second: 'v }

type Model<'v> =
    {
        Pieces: Piece<'v> list
        Heads: Map<string, 'v>
        Rates: Rate<'v>[]
        Pair: Pair<'v> * 'v
        Optional: 'v voption
        Depth: int
    }

type Opaque<'v>(secret: 'v) =
    override _.ToString() = $"{secret}"

let private layer =
    {
        W = Tensor.vector [ 1.0; 2.0 ]
        b = Some(Tensor.scalar 3.0)
        Name = "first"
    }

let private start: Model<Tensor<float>> =
    {
        Pieces =
            [
                Dense layer
                Nothing
                Scale(Tensor.scalar 2.0, Tensor.scalar 5.0)
                Dense { layer with b = None }
            ]
        Heads = Map.ofList [ "b", Tensor.scalar 7.0; "a", Tensor.scalar 11.0 ]
        Rates = [| Rate(Tensor.scalar 13.0) |]
        Pair =
            {
                First = Tensor.scalar 17.0
                Second = Tensor.scalar 19.0
            },
            Tensor.scalar 23.0
        Optional = ValueSome(Tensor.scalar 29.0)
        Depth = 3
    }

// Half the sum of all squares, whose gradient is the structure itself.
let private halfSquares (model: Model<Expr>) =
    let square (x: Expr) = Expr.sum (x * x)

    let ofPiece =
        function
        | Dense layer ->
            square layer.W
            + (layer.b |> Option.map square |> Option.defaultValue (Expr.constant 0.0))
        | Scale(by, offset) -> square by + square offset
        | Nothing -> Expr.constant 0.0

    let ofPair = let pair, third = model.Pair in [ pair.First; pair.Second; third ]

    let rest =
        [
            yield! model.Heads |> Map.toList |> List.map snd
            for Rate rate in model.Rates do
                rate
            yield! ofPair
            yield! ValueOption.toList model.Optional
        ]

    Expr.constant 0.5
    * ((model.Pieces |> List.map ofPiece |> List.reduce (+))
       + (rest |> List.map square |> List.reduce (+)))

let private paths =
    [
        "Pieces[0].W"
        "Pieces[0].b"
        "Pieces[2].by"
        "Pieces[2].offset"
        "Pieces[3].W"
        "Heads[a]"
        "Heads[b]"
        "Rates[0]"
        "Pair.Item1.First"
        "Pair.Item1.Second"
        "Pair.Item2"
        "Optional"
    ]

let private numbers (model: Model<Tensor<float>>) : (string * Tensor<float>) list = Parameters.leaves model

[<Tests>]
let tests =
    testList
        "structures of F#"
        [
            testCase "records, unions, options, lists, maps, tuples and arrays go in and come out" (fun () ->
                let gradient = start |> Parameters.grad halfSquares
                Expect.equal (numbers start |> List.map fst) paths "the paths"
                Expect.equal (numbers gradient) (numbers start) "the gradient"
                Expect.equal gradient start "the structure"
                Expect.equal gradient.Depth 3 "carried along")

            testCase "compiled they are the same" (fun () ->
                let run = start |> Parameters.compile halfSquares
                let value, gradient = run start
                Expect.equal (numbers gradient) (numbers start) "the gradient"
                Expect.equal value (start |> Parameters.valueAndGrad halfSquares |> fst) "the value"

                Expect.throwsT<ParametersException>
                    (fun () ->
                        run
                            { start with
                                Pieces = start.Pieces |> List.rev
                            }
                        |> ignore)
                    "other cases")

            testCase "steps, maps and products with the Hessian" (fun () ->
                let zero = start |> Parameters.move -1.0 (Parameters.grad halfSquares start)
                Expect.all (numbers zero) (fun (_, tensor) -> tensor = Tensor<float>.Zeros tensor.Shape) "at the least"
                let twice = start |> Parameters.map (fun (leaf: Tensor<float>) -> 2.0 * leaf)
                Expect.equal (Parameters.map2 (fun (a: Tensor<float>) b -> a - b) twice start) start "2p − p"
                Expect.equal (Parameters.hvp halfSquares start twice) twice "H is the identity"

                let value, tangent = Parameters.pushforward halfSquares start twice
                Expect.equal tangent (4.0 * value) "⟨p, 2p⟩ is four times half of |p|²"

                let same, pull = Parameters.pullback halfSquares start
                Expect.equal (same, pull (Tensor.scalar 2.0)) (value, twice) "Jᵀ·2 is 2p")

            testCase "variables are named by paths" (fun () ->
                let parameters: Parameters<Model<Expr>, Model<Tensor<float>>> =
                    Parameters.variables start

                Expect.equal (parameters.Variables |> Seq.map _.Name |> List.ofSeq) paths "names"
                let at = parameters.ToPoint<float> start
                Expect.equal (parameters.FromPoint at) start "there and back"
                let loss = halfSquares parameters.Formula

                Expect.equal
                    (parameters.FromGradient(loss |> Expr.gradient |> GradientMap.eval at))
                    start
                    "the gradient")

            testCase "derivatives nest" (fun () ->
                let f (pair: Pair<Expr>) = pair.First * pair.First * pair.Second
                let slope (pair: Pair<Expr>) = (Parameters.gradExpr f pair).First

                Expect.equal
                    (Parameters.grad slope { First = 3.0; Second = 5.0 })
                    { First = 10.0; Second = 6.0 }
                    "2b, 2a")

            testCase "numbers of both precisions are leaves" (fun () ->
                let f (pair: Pair<Expr>) = pair.First * pair.Second

                Expect.equal
                    (Parameters.grad f { First = 3.0f; Second = 5.0f })
                    { First = 5.0f; Second = 3.0f }
                    "single")

            testCase "a class that hides what it holds is named with its path" (fun () ->
                let f (_: Opaque<Expr> list * Expr) = Expr.constant 0.0

                let text =
                    try
                        Parameters.grad f ([ Opaque 1.0 ], 2.0) |> ignore
                        "nothing"
                    with :? ParametersException as error ->
                        error.Message

                Expect.stringContains text "Item1[i]" "the path"
                Expect.stringContains text "Opaque<double>" "the type"
                Expect.stringContains text "Supported are" "what to do")
        ]
