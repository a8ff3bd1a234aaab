namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws 14 to 16: derivatives of derivatives.
[<RequireQualifiedAccess>]
module HigherOrderLaws =

    // The slope of a scalar along u, as an expression; by reverse mode.
    let private slope (engine: Engine) scalar (u: GradientMap<Tensor<float>>) =
        Engine.gradient engine scalar (GradientMap.variables u)
        |> GradientMap.dot (Judging.constants u)

    let private scaleOf precision (slope: Expr) v at =
        Judging.weighted (Scale.reverse precision slope Judging.one at (GradientMap.variables v)) v

    // Each way to a second derivative cancels at other places, so each has its own S; the larger one bounds their difference.
    let private larger (scales: Tensor<float> list) =
        scales |> List.map Tensor.toScalar |> List.max |> Tensor.scalar

    /// Law 14, of the modes.
    let modes =
        Law.both
            14
            "⟨u, Hv⟩ ~ ⟨Hu, v⟩; reverse over reverse ~ forward over reverse ~ forward over forward"
            (fun engine precision case ->
                let variables = Case.variables case
                let scalar = Case.scalar 50 case.Root
                let u, v = Dyadic.map 51 variables, Dyadic.map 52 variables
                let alongU, alongV = slope engine scalar u, slope engine scalar v
                let number = Judging.number engine precision case.Point

                let reverseReverse =
                    Engine.gradient engine alongU variables
                    |> Judging.numbers engine precision case.Point
                    |> GradientMap.dot v

                let forwardReverse = engine.Pushforward alongU (Judging.constants v) |> number
                let otherWay = engine.Pushforward alongV (Judging.constants u) |> number

                let moved = engine.Pushforward scalar (Judging.constants u)
                let forwardForward = engine.Pushforward moved (Judging.constants v) |> number

                let length = [ alongU; alongV; moved ] |> List.map Scale.reductionLength |> List.max

                let scale =
                    larger
                        [
                            scaleOf precision alongU v case.Point
                            scaleOf precision alongV u case.Point
                            scaleOf precision moved v case.Point
                        ]

                let close = Verdict.close precision length scale

                seq {
                    close "reverse over reverse and forward over reverse" reverseReverse forwardReverse
                    close "forward over forward and forward over reverse" forwardForward forwardReverse
                    close "⟨u, Hv⟩ and ⟨Hu, v⟩" forwardReverse otherWay
                }
                |> Verdict.all)

    /// Law 14, of the entries.
    let symmetry =
        Law.both 14 "∂ᵢⱼ ~ ∂ⱼᵢ" (fun engine precision case ->
            let variables = Case.variables case
            let scalar = Case.scalar 53 case.Root
            let entries = Judging.entries variables

            let basis (variable, position) =
                Judging.basisMap variables variable position

            [ 0, entries.Length - 1; entries.Length / 3, entries.Length / 2 ]
            |> List.filter (fun (i, j) -> i < j)
            |> Seq.map (fun (i, j) ->
                let u, v = basis entries[i], basis entries[j]
                let alongU, alongV = slope engine scalar u, slope engine scalar v
                let number = Judging.number engine precision case.Point

                Verdict.close
                    precision
                    (max (Scale.reductionLength alongU) (Scale.reductionLength alongV))
                    (larger [ scaleOf precision alongU v case.Point; scaleOf precision alongV u case.Point ])
                    "∂ᵢⱼ and ∂ⱼᵢ"
                    (engine.Pushforward alongU (Judging.constants v) |> number)
                    (engine.Pushforward alongV (Judging.constants u) |> number))
            |> Verdict.all)

    // Homogeneous functions of a vector, with their degrees; none has a kink where entries are positive.
    let private homogeneous: (string * float * (Expr -> Expr)) list =
        let weigh (x: Expr) =
            Expr.tensor (Dyadic.tensor 54 x.Shape) * x

        [
            "Σ w·x", 1.0, (fun x -> Expr.sum (weigh x))
            "(Σ w·x)·(Σ x)", 2.0, (fun x -> Expr.sum (weigh x) * Expr.sum x)
            "Σ w·x³", 3.0, (fun x -> Expr.sum (weigh (x * x * x)))
            "Σ w·x²/Σ x", 1.0, (fun x -> Expr.sum (weigh (x * x)) / Expr.sum x)
            "√(Σ x²)", 1.0, (fun x -> FunctionalGrad.Expr.Sqrt(Expr.sum (x * x)))
            "Σ w·x/Σ x", 0.0, (fun x -> Expr.sum (weigh x) / Expr.sum x)
            "(Σ w/x²)·(Σ x)", -1.0, (fun x -> Expr.sum (weigh (1.0 / (x * x))) * Expr.sum x)
        ]

    /// Law 15.
    let euler =
        Law.both 15 "Euler: if f(t·x) = tᵏ·f(x), then ⟨x, ∇f⟩ ~ k·f and H·x ~ (k − 1)·∇f" (fun engine precision case ->
            let numbers =
                case.Point
                |> Point.toSeq
                |> Seq.collect (fun (_, value) -> value.ToArray())
                |> Seq.truncate 6
                |> List.ofSeq

            if numbers.IsEmpty then
                Vacuous
            else
                // Distances from zero keep quotients and roots smooth.
                let at = numbers |> List.map (fun number -> abs number + 0.5) |> Tensor.vector
                let x = FunctionalGrad.Expr.Variable("x", at.Shape)
                let point = Point.ofTensors [ x, at ]

                homogeneous
                |> Seq.collect (fun (name, degree, function') ->
                    let f = function' x
                    let gradient = Engine.gradient engine f [ x ]
                    let value = Judging.number engine precision point f
                    let slope = Judging.numbers engine precision point gradient
                    let direction = GradientMap.ofList [ x, at ]
                    let alongX = GradientMap.dot (Judging.constants direction) gradient

                    let curvature =
                        Engine.gradient engine alongX [ x ] |> Judging.numbers engine precision point

                    let scale = Scale.reverse precision f Judging.one point [ x ]
                    let second = Scale.reverse precision alongX Judging.one point [ x ]
                    let length = max (Scale.reductionLength f) (Scale.reductionLength alongX)

                    seq {
                        Verdict.close
                            precision
                            length
                            (Judging.weighted scale direction)
                            $"⟨x, ∇f⟩ and k·f for f = %s{name}"
                            (GradientMap.dot direction slope)
                            (degree * value)

                        Verdict.close
                            precision
                            length
                            (second[x] + abs (degree - 1.0) * scale[x])
                            $"H·x and (k − 1)·∇f for f = %s{name}"
                            curvature[x]
                            ((degree - 1.0) * slope[x])
                    })
                |> Verdict.all)

    /// Law 16.
    let nesting =
        Law.both
            16
            "perturbation confusion: d/dx [x · d/dy (x·f(y))] at 1 is 2·f′, the inner derivative not touching x"
            (fun engine precision case ->
                let variables = Case.variables case
                let scalar = Case.scalar 55 case.Root
                let x = FunctionalGrad.Expr.Variable("x")
                let v = Dyadic.map 56 variables
                let inner = engine.Pushforward (x * scalar) (Judging.constants v)
                let at = case.Point |> Point.add x (Tensor.scalar 1.0)
                let nested = Engine.gradient engine (x * inner) [ x ] |> GradientMap.find x
                let plain = engine.Pushforward scalar (Judging.constants v)

                let scale =
                    Judging.weighted (Scale.reverse precision scalar Judging.one case.Point variables) v

                Verdict.close
                    precision
                    (Scale.reductionLength (x * inner))
                    (2.0 * scale)
                    "the nested derivative and 2·f′"
                    (Judging.number engine precision at nested)
                    (2.0 * Judging.number engine precision at plain))

    /// All of them.
    let all = [ modes; symmetry; euler; nesting ]
