namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws 4 to 8: the rules of calculus.
[<RequireQualifiedAccess>]
module CalculusLaws =

    let private two (case: Case) =
        let parts = Case.parts 4 case
        Case.scalar 20 (List.head parts), Case.scalar 21 (List.last parts)

    let private gradientOf (engine: Engine) precision (case: Case) scalar =
        Engine.gradient engine scalar (Case.variables case)
        |> Judging.numbers engine precision case.Point

    let private close precision (case: Case) whole =
        Judging.closeGradients precision whole Judging.one case.Point

    /// Law 4.
    let linearity =
        Law.both 4 "linearity: ∇(a·f + b·g) ~ a·∇f + b·∇g" (fun engine precision case ->
            let f, g = two case
            let gradient = gradientOf engine precision case
            let whole = 0.75 * f + -1.5 * g

            close
                precision
                case
                whole
                "∇(a·f + b·g) and a·∇f + b·∇g"
                (gradient whole)
                (0.75 * gradient f + -1.5 * gradient g))

    /// Law 5, of products.
    let product =
        Law.both 5 "product: ∇(f·g) ~ g·∇f + f·∇g" (fun engine precision case ->
            let f, g = two case
            let gradient = gradientOf engine precision case
            let number = Judging.number engine precision case.Point >> Tensor.toScalar
            let expected = number g * gradient f + number f * gradient g
            close precision case (f * g) "∇(f·g) and g·∇f + f·∇g" (gradient (f * g)) expected)

    /// Law 5, of quotients.
    let quotient =
        Law.both 5 "quotient: ∇(f/g) ~ (g·∇f − f·∇g)/g² for |g| ≥ 0.1" (fun engine precision case ->
            let f, g = two case
            let gradient = gradientOf engine precision case
            let number = Judging.number engine precision case.Point >> Tensor.toScalar
            let divisor = number g

            if abs divisor < 0.1 then
                Vacuous
            else
                let expected =
                    (1.0 / divisor) * gradient f - (number f / divisor / divisor) * gradient g

                close precision case (f / g) "∇(f/g) and (g·∇f − f·∇g)/g²" (gradient (f / g)) expected)

    let private replace (node: Expr) (replacement: Expr) (root: Expr) =
        Rewriting.Rewrite(
            ReadOnlySpan<Expr> [| root |],
            Func<Expr, Expr>(fun other ->
                if obj.ReferenceEquals(other, node) then
                    replacement
                else
                    other)
        )[0]

    // The graph cut at an inner node: the part above it as a function of a new variable, and where that variable is.
    let private cut (engine: Engine) precision (case: Case) =
        match Case.parts 3 case with
        | _ :: inner :: _ ->
            let middle = FunctionalGrad.Expr.Variable("u", inner.Shape)
            let value = Judging.number engine precision case.Point inner
            Some(inner, middle, replace inner middle case.Root, case.Point |> Point.add middle value)
        | _ -> None

    /// Law 6, in reverse.
    let chainOfPullbacks =
        Law.both 6 "chain: pullbacks compose in the opposite order, (f∘g)ᵀw ~ Jgᵀ(Jfᵀw)" (fun engine precision case ->
            match cut engine precision case with
            | None -> Vacuous
            | Some(inner, middle, outer, at) ->
                let variables = Case.variables case
                let w = Dyadic.tensor 30 case.Root.Shape

                let whole =
                    engine.Pullback case.Root (Expr.tensor w) variables
                    |> Judging.numbers engine precision at

                let first =
                    engine.Pullback outer (Expr.tensor w) (middle :: variables)
                    |> Judging.numbers engine precision at

                let second =
                    engine.Pullback inner (Expr.tensor first[middle]) variables
                    |> Judging.numbers engine precision at

                let past =
                    variables
                    |> List.map (fun variable -> variable, first[variable])
                    |> GradientMap.ofList

                Judging.closeGradients
                    precision
                    case.Root
                    w
                    at
                    "the pullback and the composed pullbacks"
                    whole
                    (past + second))

    /// Law 6, forwards.
    let chainOfPushforwards =
        Law.both 6 "chain: pushforwards compose in order, J(f∘g)v ~ Jf(Jg v)" (fun engine precision case ->
            match cut engine precision case with
            | None -> Vacuous
            | Some(inner, middle, outer, at) ->
                let v = Dyadic.map 31 (Case.variables case)

                let moved =
                    engine.Pushforward inner (Judging.constants v)
                    |> Judging.number engine precision at

                let both = v + GradientMap.ofList [ middle, moved ]

                Verdict.close
                    precision
                    (Scale.reductionLength case.Root)
                    (Scale.forward precision case.Root v at)
                    "the pushforward and the composed pushforwards"
                    (engine.Pushforward case.Root (Judging.constants v)
                     |> Judging.number engine precision at)
                    (engine.Pushforward outer (Judging.constants both)
                     |> Judging.number engine precision at))

    /// Law 6, of the identity.
    let identity =
        Law.both 6 "J(id) = I in both modes" (fun engine precision case ->
            Case.variables case
            |> Seq.collect (fun variable ->
                let w = Dyadic.tensor 32 variable.Shape
                let number = Judging.number engine precision case.Point

                seq {
                    Verdict.equal
                        "Iᵀ·w = w"
                        (engine.Pullback variable (Expr.tensor w) [ variable ]
                         |> GradientMap.find variable
                         |> number)
                        w

                    Verdict.equal
                        "I·v = v"
                        (engine.Pushforward variable (GradientMap.ofList [ variable, Expr.tensor w ])
                         |> number)
                        w
                })
            |> Verdict.all)

    /// Law 8.
    let zeros =
        Law.both
            8
            "a constant, and a variable that is not used, have gradient exactly zero"
            (fun engine precision case ->
                let unused = FunctionalGrad.Expr.Variable("unused", Shape.ofList [ 2 ])
                let at = case.Point |> Point.add unused (Tensor.vector [ 1.0; 2.0 ])
                let zero (shape: Shape) = Tensor<float>.Zeros shape
                let one = Expr.tensor (Dyadic.tensor 33 case.Root.Shape)
                let number = Judging.number engine precision at

                seq {
                    Verdict.equal
                        "by an unused variable"
                        (engine.Pullback case.Root one [ unused ] |> GradientMap.find unused |> number)
                        (zero unused.Shape)

                    Verdict.equal
                        "along an unused variable"
                        (engine.Pushforward case.Root (GradientMap.ofList [ unused, Expr.vector [ 1.0; 1.0 ] ])
                         |> number)
                        (zero case.Root.Shape)

                    Verdict.equal
                        "of a constant"
                        (engine.Pullback one one [ unused ] |> GradientMap.find unused |> number)
                        (zero unused.Shape)
                }
                |> Verdict.all)

    /// All of them but the inverse functions, which name primitives.
    let all =
        [
            linearity
            product
            quotient
            chainOfPullbacks
            chainOfPushforwards
            identity
            zeros
        ]
