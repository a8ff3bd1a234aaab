module FunctionalGrad.LawTests.LeakTests

open System
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

type private E = FunctionalGrad.Expr

let private zero = Expr.constant 0.0
let private positive (x: Expr) = E.op_GreaterThan (x, zero)

let private hold what law case =
    match Law.judge Engine.library law case with
    | Broken detail -> failtest $"%s{what}:\n%s{case.Text}\n%s{detail}"
    | Holds
    | Vacuous -> ()

/// The gradient of the sum of the entries, and the gradient of the sum of that gradient, which is H times a vector of ones.
let private twice name (at: Tensor<float>) (f: Expr -> Expr) gradient second =
    testCase name (fun () ->
        let x = E.Variable("x", at.Shape)
        let point = Point.ofTensors [ x, at ]
        let scalar = Expr.sum (f x)
        let reverse = Expr.gradientBy [ x ] scalar |> GradientMap.find x |> Expr.sum
        let ones = GradientMap.ofList [ x, E.Full(at.Shape, 1.0) ]

        let is expected =
            KinkLaws.gradientIs (GradientMap.ofList [ x, expected ])

        hold "first order" (is gradient) { Root = scalar; Point = point }
        hold "second order, of reverse" (is second) { Root = reverse; Point = point }

        hold
            "second order, of forward"
            (is second)
            {
                Root = scalar.Pushforward ones
                Point = point
            })

let private number (value: float) = Tensor.scalar value
let private rows (values: float list list) = Tensor.matrix values

// The first row of the argument is not taken: there √ has an infinite partial, and what stands between has to carry that on.
let private behind (between: Expr -> Expr) (x: Expr) =
    let taken = Expr.tensor (rows [ [ 0.0 ]; [ 1.0 ] ])
    let value = between (E.Sqrt x)

    let condition =
        if value.Shape.Rank = 2 then
            taken
        else
            Expr.reshape [ 2 ] taken

    Expr.select (positive condition) value zero

let private axes (axes: int list) = ReadOnlySpan<int>(Array.ofList axes)

let private twoRows = rows [ [ 0.0; 0.0 ]; [ 1.0; 1.0 ] ]

[<Tests>]
let tests =
    testList
        "select never leaks"
        [
            twice
                "select(x > 0, log x, 0) at 0"
                (number 0.0)
                (fun x -> Expr.select (positive x) (E.Log x) zero)
                (number 0.0)
                (number 0.0)
            twice
                "select(x > 0, √x, 0) at 0"
                (number 0.0)
                (fun x -> Expr.select (positive x) (E.Sqrt x) zero)
                (number 0.0)
                (number 0.0)
            twice
                "select(x > 0, log x, 0) at −1"
                (number -1.0)
                (fun x -> Expr.select (positive x) (E.Log x) zero)
                (number 0.0)
                (number 0.0)
            twice
                "select(x > 0, 1/x, x²) at 0"
                (number 0.0)
                (fun x -> Expr.select (positive x) (1.0 / x) (x * x))
                (number 0.0)
                (number 2.0)
            twice "√relu(x) at −1" (number -1.0) (fun x -> E.Sqrt(E.Relu x)) (number 0.0) (number 0.0)

            twice
                "the softplus that users write, at 1000"
                (number 1000.0)
                (fun x -> Expr.select (E.op_GreaterThan (x, Expr.constant 20.0)) x (E.Log(1.0 + E.Exp x)))
                (number 1.0)
                (number 0.0)

            twice
                "the sin(x)/x that users write, at 0"
                (number 0.0)
                (fun x -> Expr.select (E.Equal(x, zero)) (Expr.constant 1.0) (E.Sin x / x))
                (number 0.0)
                (number 0.0)

            twice
                "a mask that is a product of comparisons"
                (number 0.0)
                (fun x -> Expr.select (positive x * E.op_LessThan (x, Expr.constant 9.0)) (E.Log x) zero)
                (number 0.0)
                (number 0.0)

            twice
                "entries not taken beside entries taken"
                (Tensor.vector [ 0.0; 1.0; 4.0 ])
                (fun x -> Expr.select (positive x) (E.Sqrt x) zero)
                (Tensor.vector [ 0.0; 0.5; 0.25 ])
                (Tensor.vector [ 0.0; -0.25; -0.03125 ])

            twice
                "a sum between"
                twoRows
                (behind (Expr.sumOver [ 1 ]))
                (rows [ [ 0.0; 0.0 ]; [ 0.5; 0.5 ] ])
                (rows [ [ 0.0; 0.0 ]; [ -0.25; -0.25 ] ])

            twice
                "a matrix product between"
                twoRows
                (behind (fun s -> s.MatMul(Expr.tensor (rows [ [ 1.0; 0.0; 3.0 ]; [ 2.0; 2.0; 0.0 ] ]))))
                (rows [ [ 0.0; 0.0 ]; [ 2.0; 2.0 ] ])
                (rows [ [ 0.0; 0.0 ]; [ -1.0; -1.0 ] ])

            twice
                "a slice between, which is a mask itself"
                (Tensor.vector [ 0.0; 1.0; 4.0 ])
                (fun x -> (E.Sqrt x).Slice(ReadOnlySpan<int> [| 1 |], ReadOnlySpan<int> [| 2 |], ReadOnlySpan<int>()))
                (Tensor.vector [ 0.0; 0.5; 0.25 ])
                (Tensor.vector [ 0.0; -0.25; -0.03125 ])

            twice
                "a gather between, which is a mask itself"
                (Tensor.vector [ 0.0; 1.0; 4.0 ])
                (fun x -> (E.Sqrt x).Gather(Expr.vector [ 2.0; 1.0; 2.0 ], 0))
                (Tensor.vector [ 0.0; 0.5; 0.5 ])
                (Tensor.vector [ 0.0; -0.25; -0.0625 ])

            twice
                "a softmax between"
                twoRows
                (behind (fun s -> s.Softmax 1 * Expr.vector [ 1.0; 3.0 ]))
                (rows [ [ 0.0; 0.0 ]; [ -0.25; 0.25 ] ])
                (rows [ [ 0.0; 0.0 ]; [ 0.125; -0.125 ] ])

            twice
                "a norm between"
                (rows [ [ 0.0; 0.0 ]; [ 9.0; 16.0 ] ])
                (behind (fun s -> s.Norm(axes [ 1 ])))
                (rows [ [ 0.0; 0.0 ]; [ 0.1; 0.1 ] ])
                (rows [ [ 0.0; 0.0 ]; [ -0.004; -0.004 ] ])
        ]
