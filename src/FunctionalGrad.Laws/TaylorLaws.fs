namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Taylor mode, as the other way to derivatives of derivatives along a line.
[<RequireQualifiedAccess>]
module TaylorLaws =

    let private order = 3

    // The larger error scale of two ways to one number, which round and cancel at different nodes.
    let private larger precision at left right =
        [ left; right ]
        |> List.map (fun way -> Scale.ofValue precision way at |> Tensor.toScalar)
        |> List.max
        |> Tensor.scalar

    /// Law 14, of Taylor mode.
    let nested =
        Law.both
            14
            "Taylor mode along a line ~ pushforwards nested as often, of orders 0 to 3"
            (fun engine precision case ->
                let t = FunctionalGrad.Expr.Variable "t"
                let variables = Case.variables case
                let v = Dyadic.map 57 variables

                let line =
                    readOnlyDict
                        [
                            for variable in variables ->
                                variable, Expr.tensor case.Point[variable] + t * Expr.tensor v[variable]
                        ]

                let scalar = Case.scalar 58 case.Root

                let taylor =
                    Differentiate.Taylor(Func<_, _>(fun s -> (scalar.Substitute line).Substitute(t, s)), order).Invoke
                        t

                let step = GradientMap.ofList [ t, Tensor.scalar 1.0 ] |> Judging.constants
                let at = Point.ofTensors [ t, Tensor.scalar 0.0 ]

                Seq.unfold
                    (fun derivative -> Some(derivative, engine.Pushforward derivative step))
                    (scalar.Substitute line)
                |> Seq.truncate (order + 1)
                |> Seq.mapi (fun k derivative ->
                    Verdict.close
                        precision
                        (max (Scale.reductionLength derivative) (Scale.reductionLength taylor[k]))
                        (larger precision at derivative taylor[k])
                        $"the derivative of order %d{k} by nesting and by Taylor mode"
                        (Judging.number engine precision at derivative)
                        (Judging.number engine precision at taylor[k]))
                |> Verdict.all)

    /// The laws.
    let all = [ nested ]
