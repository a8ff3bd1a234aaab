namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// What the laws share: evaluating maps, and comparing them entry by entry.
[<RequireQualifiedAccess>]
module internal Judging =

    /// The numbers of a symbolic map. What its entries share is computed once.
    let numbers (engine: Engine) precision (at: Point<float>) (map: GradientMap<Expr>) =
        let variables = GradientMap.variables map

        engine.Evaluate precision (map |> GradientMap.toList |> List.map snd) at
        |> List.zip variables
        |> GradientMap.ofList

    /// The number or tensor of one expression.
    let number (engine: Engine) precision (at: Point<float>) expression =
        engine.Evaluate precision [ expression ] at |> List.head

    /// The numbers of a pullback.
    let pulled (engine: Engine) precision (root: Expr) w (at: Point<float>) variables =
        engine.Pullback root (Expr.tensor w) variables |> numbers engine precision at

    /// A numeric map as constants.
    let constants (map: GradientMap<Tensor<float>>) = map |> GradientMap.map Expr.tensor

    /// The tensor with 1 at one position.
    let basis (shape: Shape) position =
        Tensor.Generate(shape, Func<int, float>(fun place -> if place = position then 1.0 else 0.0))

    /// The map that is 1 at one position of one variable and 0 elsewhere.
    let basisMap (variables: Variable list) (variable: Variable) position =
        variables
        |> List.map (fun other ->
            other,
            if obj.ReferenceEquals(other, variable) then
                basis other.Shape position
            else
                Tensor<float>.Zeros other.Shape)
        |> GradientMap.ofList

    /// Every entry of every variable.
    let entries (variables: Variable list) =
        [
            for variable in variables do
                for position in 0 .. variable.Shape.Size - 1 -> variable, position
        ]

    /// Compares maps with a comparison of tensors, which gets the variable.
    let maps compare what (left: GradientMap<Tensor<float>>) (right: GradientMap<Tensor<float>>) =
        GradientMap.variables left
        |> Seq.map (fun variable -> compare variable $"%s{what} by %s{variable.Name}" left[variable] right[variable])
        |> Verdict.all

    /// The law's `~` for gradients of a graph with a given cotangent.
    let closeGradients precision (root: Expr) (weight: Tensor<float>) (at: Point<float>) what left right =
        let variables = GradientMap.variables left
        let scale = Scale.reverse precision root weight at variables
        let length = Scale.reductionLength root
        maps (fun variable -> Verdict.close precision length scale[variable]) what left right

    /// The law's `=` for maps.
    let equalMaps what left right =
        maps (fun _ -> Verdict.equal) what left right

    let one = Tensor.scalar 1.0

    /// Σ |v|·S, as a tensor of rank 0.
    let weighted (scale: GradientMap<Tensor<float>>) (direction: GradientMap<Tensor<float>>) =
        direction
        |> GradientMap.map (fun tensor -> Tensor.Of(tensor.Shape, tensor.ToArray() |> Array.map abs))
        |> GradientMap.dot scale
