namespace FunctionalGrad.Laws

open FunctionalGrad
open FunctionalGrad.FSharp

/// Law 7: the derivatives of inverse functions are inverse numbers.
[<RequireQualifiedAccess>]
module InverseLaws =

    type private E = FunctionalGrad.Expr

    // Functions, their inverses, and an interval where neither is ill conditioned.
    let private pairs: (string * (Expr -> Expr) * (Expr -> Expr) * (float * float)) list =
        let square (x: Expr) = x * x
        let cube (x: Expr) = x * x * x

        [
            "exp, log", E.Exp, E.Log, (-2.0, 2.0)
            "log, exp", E.Log, E.Exp, (0.3, 3.0)
            "expm1, log1p", E.ExpM1, E.Log1P, (-1.0, 2.0)
            "log1p, expm1", E.Log1P, E.ExpM1, (-0.5, 2.0)
            "tanh, atanh", E.Tanh, E.Atanh, (-0.8, 0.8)
            "atanh, tanh", E.Atanh, E.Tanh, (-0.6, 0.6)
            "sinh, asinh", E.Sinh, E.Asinh, (-2.0, 2.0)
            "asinh, sinh", E.Asinh, E.Sinh, (-2.0, 2.0)
            "cosh, acosh", E.Cosh, E.Acosh, (1.0, 2.0)
            "acosh, cosh", E.Acosh, E.Cosh, (1.5, 3.0)
            "sin, asin", E.Sin, E.Asin, (-0.8, 0.8)
            "asin, sin", E.Asin, E.Sin, (-0.6, 0.6)
            "cos, acos", E.Cos, E.Acos, (0.8, 2.3)
            "acos, cos", E.Acos, E.Cos, (-0.6, 0.6)
            "tan, atan", E.Tan, E.Atan, (-0.8, 0.8)
            "atan, tan", E.Atan, E.Tan, (-1.0, 1.0)
            "square, sqrt", square, E.Sqrt, (0.3, 3.0)
            "sqrt, square", E.Sqrt, square, (0.3, 3.0)
            "cube, cbrt", cube, E.Cbrt, (0.5, 2.0)
            "cbrt, cube", E.Cbrt, cube, (0.3, 3.0)
        ]

    let private slope (engine: Engine) precision (f: Expr -> Expr) (at: float) =
        let x = E.Variable "x"
        let y = f x
        let slope = Engine.gradient engine y [ x ] |> GradientMap.find x
        let values = engine.Evaluate precision [ y; slope ] (Point.ofList [ x, at ])
        Tensor.toScalar values[0], Tensor.toScalar values[1]

    // A number of the interval, from a number of the case, exact in single precision.
    let private into (low: float, high: float) (number: float) =
        low + (high - low) * (0.5 + number / (1.0 + number * number))
        |> float32
        |> float

    /// Law 7.
    let inverses =
        Law.both 7 "inverse functions: f′(x)·(f⁻¹)′(f x) ~ 1 where well conditioned" (fun engine precision case ->
            seq {
                for number in
                    case.Point
                    |> Point.toSeq
                    |> Seq.collect (fun (_, value) -> value.ToArray())
                    |> Seq.truncate 2 do
                    for name, f, inverse, interval in pairs do
                        let x = into interval number
                        let y, there = slope engine precision f x
                        let _, back = slope engine precision inverse y
                        let product = Tensor.scalar (there * back)

                        Verdict.close
                            precision
                            1.0
                            Judging.one
                            $"f′·(f⁻¹)′ of %s{name} at %.17g{x}, and 1"
                            product
                            Judging.one
            }
            |> Verdict.all)

    /// All of them.
    let all = [ inverses ]
