namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws of one primitive applied to variables, beside those that hold for every graph.
[<RequireQualifiedAccess>]
module PrimitiveLaws =

    type private E = FunctionalGrad.Expr

    /// The declaration is consistent: shapes.
    let shapes =
        Law.both
            0
            "the value has the shape that was inferred, in both precisions, and so has every derivative"
            (fun engine precision case ->
                let value = Judging.number engine precision case.Point case.Root

                let gradient =
                    engine.Pullback case.Root (Expr.tensor (Dyadic.tensor 80 case.Root.Shape)) (Case.variables case)

                let tangent =
                    engine.Pushforward case.Root (Dyadic.map 81 (Case.variables case) |> Judging.constants)

                let agree what (shape: Shape) (wanted: Shape) =
                    if shape = wanted then
                        Holds
                    else
                        Broken $"%s{what} has shape %O{shape} and should have %O{wanted}"

                seq {
                    agree "the value" value.Shape case.Root.Shape
                    agree "the pushforward" tangent.Shape case.Root.Shape

                    for variable, derivative in GradientMap.toSeq gradient do
                        agree $"the pullback to %s{variable.Name}" derivative.Shape variable.Shape
                }
                |> Verdict.all)

    // The operands of the case's only application, each variable replaced by an expression of another variable.
    let private composed (case: Case) (inner: Variable -> Expr -> Expr) =
        let variables = Case.variables case

        let others =
            variables |> List.map (fun old -> old, E.Variable(old.Name + "′", old.Shape))

        let replaced = readOnlyDict [ for old, other in others -> old, inner old other ]
        case.Root.Substitute replaced, others

    let private zero what (tensor: Tensor<float>) =
        Verdict.equalNumbers what tensor (Tensor<float>.Zeros tensor.Shape)

    // Gradient, pushforward and product with the Hessian of a graph that a mask has made constant.
    let private deadInEveryMode
        where
        (engine: Engine)
        precision
        (root: Expr)
        (variables: Variable list)
        (at: Point<float>)
        =
        let scalar = Case.scalar 82 root
        let v = Dyadic.map 83 variables
        let gradient = Engine.gradient engine scalar variables
        let slope = gradient |> GradientMap.dot (Judging.constants v)

        seq {
            for variable, derivative in gradient |> Judging.numbers engine precision at |> GradientMap.toSeq do
                zero $"the gradient by %s{variable.Name} through a branch not taken, %s{where}" derivative

            zero
                $"the pushforward through a branch not taken, %s{where}"
                (engine.Pushforward root (Judging.constants v)
                 |> Judging.number engine precision at)

            for variable, derivative in
                Engine.gradient engine slope variables
                |> Judging.numbers engine precision at
                |> GradientMap.toSeq do
                zero $"the second derivative by %s{variable.Name} through a branch not taken, %s{where}" derivative

            zero
                $"the second derivative, forwards, through a branch not taken, %s{where}"
                (engine.Pushforward slope (Judging.constants v)
                 |> Judging.number engine precision at)
        }
        |> Verdict.all

    let private masked (root: Expr) =
        let mask = E.Variable "mask"
        mask, E.Select(E.op_GreaterThan (mask, Expr.constant 0.0), root, Expr.constant 0.0)

    /// Whatever the primitive gives where it is not taken.
    let notTaken =
        Law.both
            26
            "select never leaks: a branch not taken contributes exactly 0, at poles and outside the domain too"
            (fun engine precision case ->
                let variables = Case.variables case
                let mask, root = masked case.Root

                seq {
                    for number in [ 0.0; 1.0; -1.0; -3.0 ] do
                        let filled =
                            variables
                            |> List.map (fun variable -> variable, Tensor.Full(variable.Shape, number))

                        let at = Point.ofTensors filled |> Point.add mask (Tensor.scalar -1.0)
                        deadInEveryMode $"all operands %g{number}" engine precision root variables at
                }
                |> Verdict.all)

    /// The primitive between a mask and an infinite partial.
    let between =
        Law.both
            26
            "select never leaks: a cotangent that a mask made zero stays zero through the primitive and an infinite partial"
            (fun engine precision case ->
                let inner, others =
                    composed case (fun old other -> Expr.tensor case.Point[old] + E.Sqrt other)

                let mask, root = masked inner
                let variables = List.map snd others

                let zeros =
                    variables
                    |> List.map (fun variable -> variable, Tensor<float>.Zeros variable.Shape)

                deadInEveryMode
                    "behind √ at 0"
                    engine
                    precision
                    root
                    variables
                    (Point.ofTensors zeros |> Point.add mask (Tensor.scalar -1.0)))

    // 0 at every other entry, 1 elsewhere.
    let private alternating (shape: Shape) =
        Tensor.Generate(shape, Func<int, float>(fun place -> float (place % 2)))

    /// The primitive after a mask with an infinite partial behind it.
    let behind =
        Law.both
            26
            "select never leaks: where the mask is inside, entries not taken have gradient exactly 0 and the others are untouched"
            (fun engine precision case ->
                // v·select(x > 0, √x, 1) is v at x = 0, where √′ is infinite, and at x = 1, where its derivative is v/2.
                let root, others =
                    composed case (fun old other ->
                        Expr.tensor case.Point[old]
                        * E.Select(E.op_GreaterThan (other, Expr.constant 0.0), E.Sqrt other, Expr.constant 1.0))

                let at =
                    others
                    |> List.map (fun (old, other) -> other, alternating old.Shape)
                    |> Point.ofTensors

                let w = Dyadic.tensor 84 case.Root.Shape
                let variables = Case.variables case

                let times (a: Tensor<float>) (b: Tensor<float>) =
                    Tensor.Of(a.Shape, Array.map2 (*) (a.ToArray()) (b.ToArray()))

                let plain =
                    engine.Pullback case.Root (Expr.tensor w) variables
                    |> Judging.numbers engine precision case.Point

                let gradient =
                    engine.Pullback root (Expr.tensor w) (List.map snd others)
                    |> Judging.numbers engine precision at

                let scale = Scale.reverse precision case.Root w case.Point variables
                let length = Scale.reductionLength case.Root

                seq {
                    for old, other in others do
                        let half = times (alternating old.Shape) (0.5 * case.Point[old])

                        let size =
                            times
                                (alternating old.Shape)
                                (Tensor.Of(old.Shape, case.Point[old].ToArray() |> Array.map abs))

                        Verdict.close
                            precision
                            length
                            (times size scale[old])
                            $"the gradient by %s{other.Name}"
                            gradient[other]
                            (times half plain[old])

                    let still =
                        others
                        |> List.map (fun (old, other) -> other, Tensor.Full(old.Shape, 1.0) - alternating old.Shape)
                        |> GradientMap.ofList

                    zero
                        "the pushforward of entries not taken"
                        (engine.Pushforward root (Judging.constants still)
                         |> Judging.number engine precision at)

                    let slope =
                        engine.Pullback root (Expr.tensor w) (List.map snd others)
                        |> GradientMap.dot (Judging.constants still)

                    zero "the slope along entries not taken" (Judging.number engine precision at slope)

                    zero
                        "the second derivative along entries not taken"
                        (engine.Pushforward slope (Judging.constants still)
                         |> Judging.number engine precision at)
                }
                |> Verdict.all)

    /// All of them.
    let all = [ shapes; notTaken; between; behind ]
