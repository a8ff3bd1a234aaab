namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Law 23: passes over graphs keep what graphs mean.
[<RequireQualifiedAccess>]
module PassLaws =

    let private count (root: Expr) = (Expr.nodes root).Length

    // Constants are folded in double precision, so in single each node's own rounding counts; there, and there alone, values
    // that are not close by the scale of the law may be so by that of every node's size.
    let private same (engine: Engine) precision (at: Point<float>) scale what (left: Expr) (right: Expr) =
        let one, other =
            Judging.number engine precision at left, Judging.number engine precision at right

        let close scale =
            Verdict.close precision (Scale.reductionLength left) scale what one other

        match close (scale one), precision with
        | Broken _, Precision.Single -> close (Scale.ofValue precision left at)
        | verdict, _ -> verdict

    let private size (value: Tensor<float>) =
        Tensor.Of(value.Shape, value.ToArray() |> Array.map abs)

    /// Law 23, of value and gradient.
    let simplifyKeeps =
        Law.both 23 "simplify keeps value and gradient" (fun engine precision case ->
            let variables = Case.variables case
            let simple = case.Root.Simplify()
            let same = same engine precision case.Point
            let cotangent = Dyadic.tensor 70 case.Root.Shape

            let pullback root =
                engine.Pullback root (Expr.tensor cotangent) variables

            let scales =
                lazy Scale.reverse precision case.Root (size cotangent) case.Point variables

            let gradient, ofSimple = pullback case.Root, pullback simple
            let simplified = gradient.Simplify()

            seq {
                same size "the value and that of the simplified graph" case.Root simple

                for x in variables do
                    let scale _ = scales.Value[x]
                    same scale $"the gradient by %s{x.Name} and that of the simplified graph" gradient[x] ofSimple[x]
                    same size $"the gradient by %s{x.Name} and itself simplified" gradient[x] simplified[x]
            }
            |> Verdict.all)

    /// Law 23, of size.
    let simplifyShrinks =
        Law.inDouble 23 "simplify is idempotent and never adds nodes" (fun engine _ case ->
            let judge (root: Expr) =
                let once = root.Simplify()
                let twice = once.Simplify()

                if count once > count root then
                    Broken $"%d{count root} nodes became %d{count once}"
                elif not (Structure.Equal(once, twice)) then
                    Broken $"simplified once:\n  %O{once}\nand twice:\n  %O{twice}"
                else
                    Holds

            let scalar = Case.scalar 71 case.Root

            seq {
                judge case.Root

                for _, derivative in Engine.gradient engine scalar (Case.variables case) |> GradientMap.toSeq do
                    judge derivative
            }
            |> Verdict.all)

    /// Law 23, of what is not finite.
    let simplifyKeepsZeroTimesInfinity =
        Law.both 23 "simplify never turns x·0 into 0 without knowing that x is finite" (fun engine precision case ->
            let zero = Expr.tensor (Tensor<float>.Zeros case.Root.Shape)
            let x = FunctionalGrad.Expr.Variable("x", case.Root.Shape)

            let judge (product: Expr) number =
                let at = Point.ofTensors [ x, Tensor.Full(x.Shape, number) ]

                Verdict.equal
                    $"x·0 at x = %g{number}"
                    (Judging.number engine precision at product)
                    (Judging.number engine precision at (product.Simplify()))

            seq {
                for number in [ nan; infinity; -infinity; 1.0 ] do
                    judge (x * zero) number
                    judge (zero * x) number
                    judge (0.0 * x) number
            }
            |> Verdict.all)

    /// All of them.
    let all = [ simplifyKeeps; simplifyShrinks; simplifyKeepsZeroTimesInfinity ]
