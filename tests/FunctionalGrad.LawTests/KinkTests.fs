module FunctionalGrad.LawTests.KinkTests

open System
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

type private E = FunctionalGrad.Expr

let private hold law case =
    match Law.judge Engine.library law case with
    | Broken detail -> failtest $"%s{case.Text}\n%s{detail}"
    | Holds
    | Vacuous -> ()

/// A row of the table of kinks: a function of one tensor, where, and the gradient of the sum of its entries there.
let private row name (at: Tensor<float>) (f: Expr -> Expr) (gradient: Tensor<float>) =
    testCase name (fun () ->
        let x = E.Variable("x", at.Shape)

        hold
            (KinkLaws.gradientIs (GradientMap.ofList [ x, gradient ]))
            {
                Root = f x
                Point = Point.ofTensors [ x, at ]
            })

/// A row for a function of two numbers.
let private row2 name (x0: float, y0: float) (f: Expr -> Expr -> Expr) (byX: float, byY: float) =
    testCase name (fun () ->
        let x, y = E.Variable "x", E.Variable "y"
        let expected = GradientMap.ofList [ x, Tensor.scalar byX; y, Tensor.scalar byY ]

        hold
            (KinkLaws.gradientIs expected)
            {
                Root = f x y
                Point = Point.ofList [ x, x0; y, y0 ]
            })

let private at (value: float) = Tensor.scalar value
let private overAll (axes: int list) = ReadOnlySpan<int>(Array.ofList axes)

[<Tests>]
let declared =
    testList
        "kinks that primitives declare"
        [
            for place, primitive in Seq.indexed Primitive.All do
                for number, (case, law) in List.indexed (KinkLaws.rowsOf primitive) do
                    testCase $"{primitive} (%d{place}), row %d{number}" (fun () -> hold law case)
        ]

[<Tests>]
let table =
    testList
        "the table of kinks"
        [
            row "abs′(0) is 0" (at 0.0) E.Abs (at 0.0)
            row "relu′(0) is 0" (at 0.0) E.Relu (at 0.0)
            row "sign′(0) is 0" (at 0.0) E.Sign (at 0.0)
            row "sign′(2) is 0" (at 2.0) E.Sign (at 0.0)
            row "floor′(1) is 0" (at 1.0) E.Floor (at 0.0)
            row "floor′(1.5) is 0" (at 1.5) E.Floor (at 0.0)
            row2 "max(x, x) is shared in halves" (1.0, 1.0) (fun x y -> E.Maximum(x, y)) (0.5, 0.5)
            row2 "min(x, x) is shared in halves" (1.0, 1.0) (fun x y -> E.Minimum(x, y)) (0.5, 0.5)

            row
                "max(x, 0) + min(x, 0) differentiates to 1"
                (at 0.0)
                (fun x -> E.Maximum(x, Expr.constant 0.0) + E.Minimum(x, Expr.constant 0.0))
                (at 1.0)

            row
                "a maximum with two that tie is shared evenly"
                (Tensor.vector [ 1.0; 3.0; 3.0 ])
                (fun x -> x.Max(overAll []))
                (Tensor.vector [ 0.0; 0.5; 0.5 ])

            row
                "a maximum with four that tie is shared evenly"
                (Tensor.vector [ 2.0; 2.0; 2.0; 2.0 ])
                (fun x -> x.Max(overAll []))
                (Tensor.vector [ 0.25; 0.25; 0.25; 0.25 ])

            row
                "a maximum over an axis is shared within each row"
                (Tensor.matrix [ [ 1.0; 1.0 ]; [ 0.0; 5.0 ] ])
                (fun x -> x.Max(overAll [ 1 ]))
                (Tensor.matrix [ [ 0.5; 0.5 ]; [ 0.0; 1.0 ] ])

            row
                "a minimum over an axis is shared within each column"
                (Tensor.matrix [ [ 1.0; 1.0 ]; [ 1.0; 5.0 ] ])
                (fun x -> x.Min(overAll [ 0 ]))
                (Tensor.matrix [ [ 0.5; 1.0 ]; [ 0.5; 0.0 ] ])

            row "sqrt′(0) is +∞" (at 0.0) E.Sqrt (at infinity)
            row "log′(0) is +∞" (at 0.0) E.Log (at infinity)
            row
                "the norm at 0 has gradient 0"
                (Tensor.vector [ 0.0; 0.0; 0.0 ])
                (fun x -> x.Norm(overAll []))
                (Tensor.vector [ 0.0; 0.0; 0.0 ])

            row
                "the norm of a row of zeros beside another row"
                (Tensor.matrix [ [ 0.0; 0.0 ]; [ 3.0; 4.0 ] ])
                (fun x -> x.Norm(overAll [ 1 ]))
                (Tensor.matrix [ [ 0.0; 0.0 ]; [ 0.6; 0.8 ] ])

            row "x⁰ has derivative 0 at 0" (at 0.0) (fun x -> E.Pow(x, 0)) (at 0.0)
            row "x¹ has derivative 1 at 0" (at 0.0) (fun x -> E.Pow(x, 1)) (at 1.0)
            row "x² has derivative 0 at 0" (at 0.0) (fun x -> E.Pow(x, 2)) (at 0.0)
            row "x³ has derivative 27 at −3" (at -3.0) (fun x -> E.Pow(x, 3)) (at 27.0)
            row "x⁻¹ has derivative −0.25 at −2" (at -2.0) (fun x -> E.Pow(x, -1)) (at -0.25)
            row2 "x^y at (0, 0) has both partials 0" (0.0, 0.0) (fun x y -> E.Pow(x, y)) (0.0, 0.0)
            row2 "∂x^y/∂y is 0 at x = 0, y > 0" (0.0, 2.0) (fun x y -> E.Pow(x, y)) (0.0, 0.0)
            row
                "clamp at its lower bound has derivative 1"
                (at -1.0)
                (fun x -> E.Clamp(x, Expr.constant -1.0, Expr.constant 1.0))
                (at 1.0)
            row
                "clamp at its upper bound has derivative 1"
                (at 1.0)
                (fun x -> E.Clamp(x, Expr.constant -1.0, Expr.constant 1.0))
                (at 1.0)
            row "softplus′(+∞) is 1" (at infinity) E.Softplus (at 1.0)
            row "softplus′(−∞) is 0" (at -infinity) E.Softplus (at 0.0)

            row
                "logsumexp with an entry of −∞ is the limit"
                (Tensor.vector [ -infinity; 0.0; 0.0 ])
                (fun x -> x.LogSumExp(overAll []))
                (Tensor.vector [ 0.0; 0.5; 0.5 ])

            row2 "logaddexp with −∞ is the limit" (-infinity, 0.0) (fun x y -> E.LogAddExp(x, y)) (0.0, 1.0)
        ]
