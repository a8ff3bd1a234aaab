namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Law 26: at a kink every mode gives the value that the table of kinks says.
[<RequireQualifiedAccess>]
module KinkLaws =

    let private near precision (actual: float) (expected: float) =
        actual = expected
        || (Double.IsNaN actual && Double.IsNaN expected)
        || abs (actual - expected) <= 4.0 * Precision.epsilon precision * abs expected

    let private judge precision what (actual: Tensor<float>) (expected: Tensor<float>) =
        if
            actual.Shape = expected.Shape
            && Array.forall2 (near precision) (actual.ToArray()) (expected.ToArray())
        then
            Holds
        else
            Broken $"%s{what} ({precision} precision):\n  actual   %O{actual}\n  expected %O{expected}"

    /// <summary>That the gradient of a graph at a point is the one given: by reverse mode, by forward mode, and after
    /// simplifying the graph, its gradient, or both.</summary>
    /// <param name="expected">The gradient.</param>
    let gradientIs (expected: GradientMap<Tensor<float>>) =
        Law.both
            26
            "kinks: forward, reverse, interpreted and simplified agree with the table of kinks"
            (fun engine precision case ->
                let variables = GradientMap.variables expected
                let scalar = Expr.sum case.Root
                let gradientOf root = Engine.gradient engine root variables
                let numbers = Judging.numbers engine precision case.Point

                let modes =
                    [
                        "reverse", gradientOf scalar
                        "reverse, gradient simplified", (gradientOf scalar).Simplify()
                        "reverse, graph simplified", gradientOf (scalar.Simplify())
                    ]

                // Entry by entry where the Jacobian is diagonal: beside an infinite partial, a tangent of 0 makes no sense.
                let slopes (root: Expr) (variable: Variable) =
                    if root.Shape = variable.Shape then
                        engine.Pushforward
                            root
                            (GradientMap.ofList [ variable, Expr.tensor (Tensor.Full(variable.Shape, 1.0)) ])
                        |> Judging.number engine precision case.Point
                    else
                        let columns =
                            [
                                for position in 0 .. variable.Shape.Size - 1 ->
                                    engine.Pushforward
                                        (Expr.sum root)
                                        (GradientMap.ofList
                                            [ variable, Expr.tensor (Judging.basis variable.Shape position) ])
                            ]

                        let numbers =
                            engine.Evaluate precision columns case.Point |> List.map Tensor.toScalar

                        Tensor.Of(variable.Shape, Array.ofList numbers)

                let forward root =
                    variables
                    |> Seq.map (fun variable ->
                        judge precision $"forward, by %s{variable.Name}" (slopes root variable) expected[variable])

                seq {
                    for mode, gradient in modes do
                        let actual = numbers gradient

                        for variable in variables do
                            judge precision $"%s{mode}, by %s{variable.Name}" actual[variable] expected[variable]

                    yield! forward case.Root
                    yield! forward (case.Root.Simplify())
                }
                |> Verdict.all)

    let private tensor (shape: Shape) (operand: Domain) (number: float) =
        if operand.WholeNumbers then
            None
        else
            Some(Tensor.Full(shape, number))

    /// <summary>A row of a primitive's table: the case, and the law that it should keep.</summary>
    /// <param name="primitive">The primitive.</param>
    /// <param name="shape">The shape of the operands: a kink must not depend on it.</param>
    /// <param name="kink">The row.</param>
    let ofRow (primitive: Primitive) (shape: Shape) (kink: Kink) =
        let operands =
            [
                for place in 0 .. kink.At.Length - 1 ->
                    FunctionalGrad.Expr.Variable($"x%d{place}", shape),
                    tensor shape (Domains.ofOperand primitive place) kink.At[place],
                    kink.At[place],
                    kink.Partials[place]
            ]

        let inputs =
            operands
            |> List.map (fun (variable, value, number, _) ->
                match value with
                | Some _ -> variable :> Expr
                | None -> Expr.tensor (Tensor.Full(shape, number)))

        let moving =
            operands
            |> List.choose (fun (variable, value, _, partial) -> value |> Option.map (fun at -> variable, at, partial))

        let case =
            {
                Root = primitive.Apply(ReadOnlySpan(Array.ofList inputs))
                Point = moving |> List.map (fun (variable, at, _) -> variable, at) |> Point.ofTensors
            }

        case,
        gradientIs (
            moving
            |> List.map (fun (variable, _, partial) -> variable, Tensor.Full(shape, partial))
            |> GradientMap.ofList
        )

    /// <summary>Every row of a primitive's table, for scalars and for tensors.</summary>
    /// <param name="primitive">The primitive.</param>
    let rowsOf (primitive: Primitive) =
        [
            for kink in primitive.Kinks do
                ofRow primitive (Shape.ofList []) kink

                if primitive.Rule :? Rule.Elementwise then
                    ofRow primitive (Shape.ofList [ 2; 3 ]) kink
        ]
