namespace FunctionalGrad.Laws

open FunctionalGrad
open FunctionalGrad.FSharp

/// Law 22: a batch is its examples, side by side.
[<RequireQualifiedAccess>]
module BatchLaws =

    let private count = 3

    let private behind (shape: Shape) =
        Shape.ofList (count :: Shape.toList shape)

    let private row example (batch: Tensor<float>) =
        let shape = batch.Shape |> Shape.toList |> List.tail |> Shape.ofList
        Tensor.Of(shape, Array.sub (batch.ToArray()) (example * shape.Size) shape.Size)

    let private stack (shape: Shape) (rows: Tensor<float> list) =
        Tensor.Of(behind shape, rows |> List.map _.ToArray() |> Array.concat)

    // Examples that differ, each inside the domains; where none is found the point of the case serves again.
    let private points (case: Case) (batched: Variable list) =
        let scaled factor =
            batched
            |> List.fold (fun at variable -> Point.add variable (factor * case.Point[variable]) at) case.Point

        case.Point
        :: [
            for factors in [ [ 0.90625; 0.96875; 1.03125 ]; [ 1.0625; 0.9375; 0.984375 ] ] do
                factors
                |> List.map scaled
                |> List.tryFind (Domains.holdThroughout case.Root)
                |> Option.defaultValue case.Point
        ]

    // Σ over the examples, with its scale.
    let private sum (rows: Tensor<float> list) = List.reduce (+) rows

    let private judge (engine: Engine) precision (case: Case) (batched: Variable list) =
        let variables = Case.variables case

        let isBatched variable =
            batched |> List.exists (fun other -> obj.ReferenceEquals(other, variable))

        let examples = points case batched

        let batches =
            batched
            |> List.map (fun variable ->
                variable, FunctionalGrad.Expr.Variable(variable.Name + "s", behind variable.Shape))

        let standing =
            batches |> List.map (fun (variable, batch) -> variable, batch :> Expr)

        let at =
            batches
            |> List.fold
                (fun at (variable, batch) ->
                    Point.add batch (examples |> List.map (fun point -> point[variable]) |> stack variable.Shape) at)
                case.Point

        let root = engine.Batch [ case.Root ] standing |> List.head
        let weights = Dyadic.tensor 90 root.Shape
        let length = Scale.reductionLength case.Root + float count

        let close scale what (left: Tensor<float>) right =
            Verdict.close precision length scale what left right

        let single =
            examples
            |> List.mapi (fun example point ->
                let weight = row example weights

                {|
                    Gradient = Judging.pulled engine precision case.Root weight point variables
                    Scale = Scale.reverse precision case.Root weight point variables
                |})

        seq {
            // The batch of values.
            let values = Judging.number engine precision at root

            for example, point in List.indexed examples do
                close
                    (Scale.ofValue precision case.Root point)
                    $"example %d{example} of the batch and alone"
                    (row example values)
                    (Judging.number engine precision point case.Root)

            // ∇(batch f); a variable that the examples share gets the sum of their gradients.
            let all =
                variables
                |> List.map (fun variable ->
                    batches
                    |> List.tryFind (fun (other, _) -> obj.ReferenceEquals(other, variable))
                    |> Option.map snd
                    |> Option.defaultValue variable)

            let gradient = Judging.pulled engine precision root weights at all

            for variable, standingFor in List.zip variables all do
                if isBatched variable then
                    for example, one in List.indexed single do
                        close
                            one.Scale[variable]
                            $"the gradient of the batch and of example %d{example} by %s{variable.Name}"
                            (row example gradient[standingFor])
                            one.Gradient[variable]
                else
                    close
                        (single |> List.map (fun one -> one.Scale[variable]) |> sum)
                        $"the gradient of the batch and the sum of the examples' by %s{variable.Name}"
                        gradient[standingFor]
                        (single |> List.map (fun one -> one.Gradient[variable]) |> sum)

            // batch(∇f): the gradients of each example.
            let cotangent = FunctionalGrad.Expr.Variable("w", case.Root.Shape)
            let pulled = engine.Pullback case.Root cotangent variables

            let each =
                engine.Batch
                    (variables |> List.map (fun variable -> pulled[variable]))
                    ((cotangent, Expr.tensor weights) :: standing)

            for variable, rows in List.zip variables (engine.Evaluate precision each at) do
                for example, one in List.indexed single do
                    close
                        one.Scale[variable]
                        $"example %d{example} of the batch of gradients by %s{variable.Name}"
                        (row example rows)
                        one.Gradient[variable]

            // The pushforward of the batch.
            let tangents = Dyadic.map 91 (List.map snd batches)

            let pushed =
                engine.Pushforward root (Judging.constants tangents)
                |> Judging.number engine precision at

            for example, point in List.indexed examples do
                let tangent =
                    batches
                    |> List.map (fun (variable, batch) -> variable, row example tangents[batch])
                    |> GradientMap.ofList

                close
                    (Scale.forward precision case.Root tangent point)
                    $"example %d{example} of the pushforward"
                    (row example pushed)
                    (engine.Pushforward case.Root (Judging.constants tangent)
                     |> Judging.number engine precision point)
        }
        |> Verdict.all

    // All variables, and every other one from either end.
    let private subsets (variables: Variable list) =
        let every remainder =
            variables
            |> List.indexed
            |> List.filter (fun (place, _) -> place % 2 = remainder)
            |> List.map snd

        [ variables; every 0; every 1 ]
        |> List.filter (List.isEmpty >> not)
        |> List.distinctBy (List.map (fun variable -> variable.GetHashCode()))

    /// Law 22.
    let stacks =
        Law.both
            22
            "batch: ∇(batch f) ~ stack(∇f), and so are the values, batch(∇f) and the pushforward"
            (fun engine precision case ->
                Case.variables case
                |> subsets
                |> Seq.map (judge engine precision case)
                |> Verdict.all)

    /// All of them.
    let all = [ stacks ]
