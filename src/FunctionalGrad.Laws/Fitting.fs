namespace FunctionalGrad.Laws

open FunctionalGrad
open FunctionalGrad.FSharp

/// Makes an expression serve as an operand: of the shape wanted, with values in the domain wanted.
[<RequireQualifiedAccess>]
module internal Fitting =

    let private broadcasts (from: Shape) (target: Shape) =
        try
            Shape.Broadcast(from, target, "fit") = target
        with :? ShapeException ->
            false

    /// An expression of the shape, made of another by reshaping, broadcasting or, where neither fits, reducing first.
    let toShape (target: Shape) (expression: Expr) =
        if expression.Shape = target then
            expression
        elif expression.Shape.Size = target.Size then
            expression.Reshape target
        elif broadcasts expression.Shape target then
            expression.BroadcastTo target
        else
            let tail =
                if expression.Shape.Rank > 1 then
                    expression |> Expr.sumOver [ 0 ]
                else
                    expression |> Expr.sum

            if broadcasts tail.Shape target then
                tail.BroadcastTo target
            else
                (Expr.sum expression).BroadcastTo target

    /// x/(1 + x²) lies between −½ and ½ and is smooth; it needs nothing but arithmetic, so that no other primitive can
    /// make the generator fail.
    let intoInterval (interval: Interval) (expression: Expr) =
        let middle = (interval.Low + interval.High) / 2.0
        let width = interval.High - interval.Low
        middle + width * (expression / (1.0 + expression * expression))
