namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws 9 to 13: forward and reverse mode are one derivative.
[<RequireQualifiedAccess>]
module ModeLaws =

    /// Law 9.
    let adjoint =
        Law.both 9 "adjoint: ⟨Jv, w⟩ ~ ⟨v, Jᵀw⟩" (fun engine precision case ->
            let variables = Case.variables case
            let v, w = Dyadic.map 40 variables, Dyadic.tensor 41 case.Root.Shape

            let pushed =
                engine.Pushforward case.Root (Judging.constants v)
                |> Judging.number engine precision case.Point

            let pulled =
                engine.Pullback case.Root (Expr.tensor w) variables
                |> Judging.numbers engine precision case.Point

            let scale =
                Judging.weighted (Scale.reverse precision case.Root w case.Point variables) v

            Verdict.close
                precision
                (Scale.reductionLength case.Root)
                scale
                "⟨Jv, w⟩ and ⟨v, Jᵀw⟩"
                (Tensor<float>.Dot(pushed, w))
                (GradientMap.dot v pulled))

    // Some of the entries where there are many.
    let private some count items =
        let length = List.length items

        items
        |> List.indexed
        |> List.filter (fun (place, _) -> place % max 1 (length / count) = 0)
        |> List.map snd
        |> List.truncate count

    /// Law 10.
    let columnsAndRows =
        Law.both 10 "the columns of J by pushforward ~ the rows of J by pullback" (fun engine precision case ->
            let variables = Case.variables case
            let rows = some 5 [ 0 .. case.Root.Shape.Size - 1 ]
            let columns = some 6 (Judging.entries variables)

            let pushed =
                engine.Evaluate
                    precision
                    (columns
                     |> List.map (fun (variable, position) ->
                         engine.Pushforward
                             case.Root
                             (Judging.basisMap variables variable position |> Judging.constants)))
                    case.Point

            rows
            |> Seq.map (fun row ->
                let basis = Judging.basis case.Root.Shape row

                let pulled =
                    engine.Pullback case.Root (Expr.tensor basis) variables
                    |> Judging.numbers engine precision case.Point

                let scale = Scale.reverse precision case.Root basis case.Point variables

                let entry (map: GradientMap<Tensor<float>>) (variable: Variable, position) =
                    map[variable].ToArray()[position]

                Verdict.close
                    precision
                    (Scale.reductionLength case.Root)
                    (columns |> List.map (entry scale) |> Tensor.vector)
                    $"row %d{row} of J by columns and by row"
                    (pushed |> List.map (fun column -> column.ToArray()[row]) |> Tensor.vector)
                    (columns |> List.map (entry pulled) |> Tensor.vector))
            |> Verdict.all)

    /// Law 11.
    let linearPullback =
        Law.both 11 "the pullback is linear: Jᵀ(2w) = 2·Jᵀw; Jᵀ(w₁ + w₂) ~ Jᵀw₁ + Jᵀw₂" (fun engine precision case ->
            let variables = Case.variables case
            let cotangent = FunctionalGrad.Expr.Variable("w", case.Root.Shape)
            let pullback = engine.Pullback case.Root cotangent variables

            let first, second =
                Dyadic.tensor 42 case.Root.Shape, Dyadic.tensor 43 case.Root.Shape

            let at w =
                Judging.numbers engine precision (case.Point |> Point.add cotangent w) pullback

            let absolute (tensor: Tensor<float>) = tensor.ToArray() |> Array.map abs

            let weight =
                Tensor.Of(case.Root.Shape, Array.map2 (+) (absolute first) (absolute second))

            seq {
                Judging.equalMaps "Jᵀ(2w) and 2·Jᵀw" (at (2.0 * first)) (2.0 * at first)

                Judging.closeGradients
                    precision
                    case.Root
                    weight
                    case.Point
                    "Jᵀ(w₁ + w₂) and Jᵀw₁ + Jᵀw₂"
                    (at (first + second))
                    (at first + at second)
            }
            |> Verdict.all)

    /// Law 12.
    let pullbackOfPullback =
        Law.both 12 "the pullback of w ↦ Jᵀw is the pushforward" (fun engine precision case ->
            let variables = Case.variables case
            let cotangent = FunctionalGrad.Expr.Variable("w", case.Root.Shape)
            let v = Dyadic.map 44 variables
            let pulled = engine.Pullback case.Root cotangent variables
            let moved = GradientMap.dot (Judging.constants v) pulled

            let twice =
                engine.Pullback moved (Expr.constant 1.0) [ cotangent ]
                |> GradientMap.find cotangent

            let at = case.Point |> Point.add cotangent (Dyadic.tensor 45 case.Root.Shape)

            Verdict.close
                precision
                (max (Scale.reductionLength case.Root) (Scale.reductionLength moved))
                (Scale.forward precision case.Root v case.Point)
                "the pullback of the pullback and the pushforward"
                (Judging.number engine precision at twice)
                (engine.Pushforward case.Root (Judging.constants v)
                 |> Judging.number engine precision case.Point))

    let private steps = [ for power in 2..8 -> Math.Pow(10.0, -(float power)) ]

    // Both the stencil of two points and the one of four, whose error falls with h⁴.
    let private differences (along: float -> float) =
        [
            for h in steps do
                let narrow = along h - along -h
                yield narrow / (2.0 * h)
                yield (8.0 * narrow - (along (2.0 * h) - along (-2.0 * h))) / (12.0 * h)
        ]

    // Where the slopes from both sides stay apart as the step shrinks, there is no derivative to compare with.
    let private hasKink (along: float -> float) =
        let gap h =
            let right, left = (along h - along 0.0) / h, (along 0.0 - along -h) / h
            abs (right - left) / max 1.0 (max (abs right) (abs left))

        [ 1e-4; 1e-5; 1e-6 ] |> List.forall (fun h -> gap h > 1e-2)
        || Double.IsNaN(along 1e-6)

    /// Law 13.
    let finiteDifferences =
        Law.inDouble
            13
            "finite differences, over a grid of steps, are within 1e-7·max(1, |d|) of the derivative"
            (fun engine precision case ->
                let variables = Case.variables case
                let scalar = Case.scalar 46 case.Root

                let gradient =
                    Engine.gradient engine scalar variables
                    |> Judging.numbers engine precision case.Point

                let judge (v: GradientMap<Tensor<float>>) =
                    let along step =
                        Judging.number engine precision (case.Point + step * v) scalar
                        |> Tensor.toScalar

                    let exact = GradientMap.dot gradient v |> Tensor.toScalar
                    let allowed = 1e-7 * max 1.0 (abs exact)
                    let tried = differences along

                    if tried |> List.exists (fun difference -> abs (difference - exact) <= allowed) then
                        Holds
                    elif hasKink along then
                        Vacuous
                    else
                        let nearest = tried |> List.minBy (fun difference -> abs (difference - exact))

                        Broken
                            $"along {v}:\n  derivative         %.17g{exact}\n  finite differences %.17g{nearest} at best\n  and they may differ by %g{allowed}"

                let entries = Judging.entries variables |> some 4

                seq {
                    for variable, position in entries do
                        yield judge (Judging.basisMap variables variable position)

                    yield judge (0.25 * Dyadic.map 47 variables)
                }
                |> Verdict.all)

    /// All of them.
    let all =
        [
            adjoint
            columnsAndRows
            linearPullback
            pullbackOfPullback
            finiteDifferences
        ]
