namespace FunctionalGrad.Laws

open System
open System.Numerics
open FunctionalGrad
open FunctionalGrad.FSharp

/// Laws 1 to 3: gradient maps are a vector space.
[<RequireQualifiedAccess>]
module MapLaws =

    let private drop (variable: Variable) (map: GradientMap<'value>) =
        map
        |> GradientMap.toList
        |> List.filter (fun (key, _) -> not (obj.ReferenceEquals(key, variable)))
        |> GradientMap.ofList

    // Two maps that lack a variable each, so that missing keys are part of every law.
    let private triple (case: Case) =
        let variables = Case.variables case
        let g, h, k = Dyadic.map 1 variables, Dyadic.map 2 variables, Dyadic.map 3 variables

        match variables with
        | first :: second :: _ -> drop first g, drop second h, k
        | _ -> g, h, k

    let private filled (variables: Variable list) (map: GradientMap<Tensor<float>>) =
        variables
        |> List.map (fun variable ->
            variable,
            map
            |> GradientMap.tryFind variable
            |> Option.defaultValue (Tensor<float>.Zeros variable.Shape))
        |> GradientMap.ofList

    let private same variables what left right =
        Judging.equalMaps what (filled variables left) (filled variables right)

    let private space convert (case: Case) =
        let variables = Case.variables case
        let g, h, k = triple case
        let zero = GradientMap<Tensor<float>>.Zero
        let a, b = 0.75, 1.5

        let same what left right =
            same variables what (convert left) (convert right)

        seq {
            same "0 + g = g" (zero + g) g
            same "(g + h) + k = g + (h + k)" ((g + h) + k) (g + (h + k))
            same "g + h = h + g" (g + h) (h + g)
            same "1·g = g" (1.0 * g) g
            same "a·(b·g) = (a·b)·g" (a * (b * g)) ((a * b) * g)
            same "a·(g + h) = a·g + a·h" (a * (g + h)) (a * g + a * h)
            same "(a + b)·g = a·g + b·g" ((a + b) * g) (a * g + b * g)
            same "g − h = g + (−1)·h" (g - h) (g + -1.0 * h)
        }
        |> Verdict.all

    /// Law 1, for maps of numbers in both precisions.
    let vectorSpace =
        Law.both
            1
            "gradient maps are a vector space: 0 + g = g; (g + h) + k = g + (h + k); g + h = h + g; 1·g = g; a·(b·g) = (a·b)·g; a·(g + h) = a·g + a·h; (a + b)·g = a·g + b·g; a missing key is zero"
            (fun _ precision case ->
                match precision with
                | Precision.Double -> space id case
                | Precision.Single -> space (GradientMap.map (fun value -> value.To<float32>().To<float>())) case)

    /// Law 1, for maps of expressions.
    let symbolicVectorSpace =
        Law.both 1 "maps of expressions add and scale as their numbers do" (fun engine precision case ->
            let variables = Case.variables case
            let g, h, _ = triple case
            let symbolic = Judging.constants

            let numbers map =
                Judging.numbers engine precision case.Point map

            seq {
                same variables "g + h" (numbers (symbolic g + symbolic h)) (g + h)
                same variables "g − h" (numbers (symbolic g - symbolic h)) (g - h)
                same variables "a·g" (numbers (0.75 * symbolic g)) (0.75 * g)
            }
            |> Verdict.all)

    /// Law 2.
    let innerProduct =
        Law.inDouble 2 "the inner product of gradient maps is symmetric, bilinear and positive" (fun _ _ case ->
            let g, h, k = triple case
            let dot = GradientMap.dot
            let a = 0.75

            seq {
                Verdict.equal "g·h = h·g" (dot g h) (dot h g)
                Verdict.equal "(a·g)·h = a·(g·h)" (dot (a * g) h) (a * dot g h)
                Verdict.equal "(g + h)·k = g·k + h·k" (dot (g + h) k) (dot g k + dot h k)

                let size = dot k k |> Tensor.toScalar

                let positive =
                    size > 0.0
                    || (k |> GradientMap.toSeq |> Seq.forall (fun (_, value) -> value.Size = 0))

                if positive then
                    Holds
                else
                    Broken $"k·k = %g{size} for k = {k}, which is not zero"
            }
            |> Verdict.all)

    let rec private partitions (items: 'item list) : 'item list list list =
        match items with
        | [] -> [ [] ]
        | first :: rest ->
            [
                for partition in partitions rest do
                    yield [ first ] :: partition

                    for place in 0 .. partition.Length - 1 do
                        yield
                            partition
                            |> List.mapi (fun other block -> if other = place then first :: block else block)
            ]

    /// Law 3.
    let dataParallel =
        Law.both 3 "∇Σℓᵢ ~ Σ∇ℓᵢ for every partition of the losses" (fun engine precision case ->
            let variables = Case.variables case

            let losses =
                Case.parts 3 case |> List.mapi (fun place part -> Case.scalar (10 + place) part)

            let gradient (block: Expr list) =
                Engine.gradient engine (List.reduce (+) block) variables

            let whole = List.reduce (+) losses
            let numbers = Judging.numbers engine precision case.Point
            let expected = gradient losses |> numbers

            partitions losses
            |> Seq.map (fun blocks ->
                blocks
                |> List.map (gradient >> numbers)
                |> List.reduce (+)
                |> Judging.closeGradients
                    precision
                    whole
                    Judging.one
                    case.Point
                    $"∇Σℓ and the sum over %d{blocks.Length} blocks"
                    expected)
            |> Verdict.all)

    /// All of them.
    let all = [ vectorSpace; symbolicVectorSpace; innerProduct; dataParallel ]
