namespace FunctionalGrad.Laws

open System
open System.Collections.Generic
open FunctionalGrad
open FunctionalGrad.FSharp

/// <summary>
/// The error scale S of a gradient: the same reverse pass, run on the absolute values of the local derivatives. A true
/// rounding error is a small multiple of ε·S, whatever cancels on the way, so one tolerance serves every graph.
/// </summary>
[<RequireQualifiedAccess>]
module Scale =

    let private combine (f: float -> float -> float) (left: Tensor<float>) (right: Tensor<float>) =
        let other = right.ToArray()
        Tensor.Of(left.Shape, left.ToArray() |> Array.mapi (fun place number -> f number other[place]))

    let private add = combine (+)

    // What does not reach the result has no error, however infinite its derivative is.
    let private times =
        combine (fun reach slope -> if reach = 0.0 || slope = 0.0 then 0.0 else reach * slope)

    let private absolute (tensor: Tensor<float>) =
        Tensor.Of(tensor.Shape, tensor.ToArray() |> Array.map abs)

    let private nullable (expression: Expr | null) = expression |> Option.ofObj

    // In the precision of what is judged: a value that cancels to nothing in one precision need not in the other.
    let private number precision (shape: Shape) (expression: Expr) =
        Precision.evaluate precision [ expression.BroadcastTo shape ] Point.empty
        |> List.head

    let private replaced (node: Application) operand (input: Expr) =
        let inputs = node.Inputs.ToArray()
        inputs[operand] <- input
        node.With(ReadOnlySpan<Expr> inputs) :?> Application

    let private basis (shape: Shape) row =
        Tensor.Generate(shape, Func<int, float>(fun place -> if place = row then 1.0 else 0.0))

    // The local Jacobian of a rule that says nothing of its structure, a row for each entry of the value.
    let private byRows precision (rule: Rule.General) (node: Application) operand (reach: Tensor<float>) =
        let shape = node.Input(operand).Shape
        let reaches = reach.ToArray()

        Seq.init node.Shape.Size id
        |> Seq.filter (fun row -> reaches[row] <> 0.0)
        |> Seq.choose (fun row ->
            rule.Pullback.Invoke(node, operand, Expr.tensor (basis node.Shape row))
            |> nullable
            |> Option.map (fun slope ->
                times (Tensor.Full(shape, reaches[row])) (absolute (number precision shape slope))))
        |> Seq.fold add (Tensor<float>.Zeros shape)

    /// What one use of a node passes on, given the node with numbers for its inputs.
    let private through precision (node: Application) operand (reach: Tensor<float>) =
        let shape = node.Input(operand).Shape

        match node.Primitive.Rule with
        | :? Rule.Elementwise as rule ->
            rule.Partial.Invoke(node, operand)
            |> nullable
            |> Option.map (fun partial -> times reach (absolute (number precision shape partial)))
        | :? Rule.Linear as rule when rule.IsLinearIn operand ->
            rule.Transpose.Invoke(node, operand, Expr.tensor reach)
            |> nullable
            |> Option.map (number precision shape >> absolute)
        | :? Rule.Linear -> None
        | :? Rule.Bilinear as rule ->
            let other = 1 - operand

            let held =
                replaced
                    node
                    other
                    (Expr.tensor (absolute (number precision (node.Input other).Shape (node.Input other))))

            let pull = if operand = 0 then rule.Left else rule.Right
            Some(pull.Invoke(held, Expr.tensor reach) |> number precision shape)
        | :? Rule.General as rule -> Some(byRows precision rule node operand reach)
        | other -> invalidOp $"{node.Primitive} has a rule of the unknown kind {other.GetType()}"

    let private lengthOf (users: IReadOnlyDictionary<Expr, int>) (node: Expr) =
        let size (expression: Expr) = float (max 1 expression.Shape.Size)
        let ratio a b = max a b / min a b

        let own =
            match node with
            | :? Application as application ->
                let inputs = application.Inputs.ToArray() |> List.ofArray

                match application.Primitive.Rule, inputs with
                | :? Rule.Elementwise, _ -> 1.0
                | :? Rule.Bilinear, [ left; right ] ->
                    let a, b, c = size left, size right, size node
                    [ a * b / c; a * c / b; b * c / a ] |> List.max |> sqrt
                | :? Rule.Linear, _ -> inputs |> List.map (size >> ratio (size node)) |> List.max
                | _ -> inputs |> List.map size |> List.fold max (size node)
            | _ -> 1.0

        max own (float users[node])

    /// <summary>The longest sum that evaluating a graph or its derivatives adds up term after term.</summary>
    /// <param name="root">The graph.</param>
    let reductionLength (root: Expr) =
        let nodes = Expr.nodes root
        let users = Dictionary<Expr, int>(HashIdentity.Reference)
        nodes |> List.iter (fun node -> users[node] <- 1)

        for node in nodes do
            match node with
            | Apply(_, inputs) -> inputs |> List.iter (fun input -> users[input] <- users[input] + 1)
            | _ -> ()

        nodes |> List.map (lengthOf users) |> List.max

    // The values of all nodes, and what each is worth to the root: the absolute reverse pass.
    let private reached precision (root: Expr) (weight: Tensor<float>) (at: Point<float>) =
        let nodes = Expr.nodes root
        let values = Dictionary<Expr, Tensor<float>>(HashIdentity.Reference)

        Precision.evaluate precision nodes at
        |> List.iter2 (fun node value -> values[node] <- value) nodes

        let reaches = Dictionary<Expr, Tensor<float>>(HashIdentity.Reference)
        reaches[root] <- absolute weight

        let pass (user: Expr) (reach: Tensor<float>) =
            match user with
            | :? Application as application ->
                let inputs = application.Inputs.ToArray()
                let numbers = inputs |> Array.map (fun input -> Expr.tensor values[input])
                let local = application.With(ReadOnlySpan<Expr> numbers) :?> Application

                for operand in 0 .. inputs.Length - 1 do
                    match through precision local operand reach with
                    | None -> ()
                    | Some contribution ->
                        reaches[inputs[operand]] <-
                            match reaches.TryGetValue inputs[operand] with
                            | true, sofar -> add sofar contribution
                            | false, _ -> contribution
            | _ -> ()

        for node in List.rev nodes do
            match reaches.TryGetValue node with
            | true, reach -> pass node reach
            | false, _ -> ()

        values, reaches

    /// <summary>S by each variable, for a cotangent of the root whose absolute values are given.</summary>
    /// <param name="precision">The precision in which the local derivatives are taken.</param>
    /// <param name="root">The graph.</param>
    /// <param name="weight">The cotangent.</param>
    /// <param name="at">The point.</param>
    /// <param name="variables">The variables.</param>
    let reverse precision (root: Expr) (weight: Tensor<float>) (at: Point<float>) (variables: Variable list) =
        let _, reaches = reached precision root weight at

        variables
        |> List.map (fun variable ->
            match reaches.TryGetValue(variable :> Expr) with
            | true, reach -> variable, reach
            | false, _ -> variable, Tensor<float>.Zeros variable.Shape)
        |> GradientMap.ofList

    /// <summary>
    /// The error scale of a value, by each entry: how far it moves when every node of the graph is off by its own size. It
    /// bounds the difference between two ways to compute the same graph that round at different nodes.
    /// </summary>
    /// <param name="precision">The precision in which values and local derivatives are taken.</param>
    /// <param name="root">The graph.</param>
    /// <param name="at">The point.</param>
    let ofValue precision (root: Expr) (at: Point<float>) =
        Tensor.Generate(
            root.Shape,
            Func<int, float>(fun row ->
                let values, reaches = reached precision root (basis root.Shape row) at

                reaches
                |> Seq.sumBy (fun entry -> times entry.Value (absolute values[entry.Key]) |> Tensor.toList |> List.sum))
        )

    /// <summary>S by each entry of the root, for tangents whose absolute values are given.</summary>
    /// <param name="precision">The precision in which the local derivatives are taken.</param>
    /// <param name="root">The graph.</param>
    /// <param name="tangents">The tangents.</param>
    /// <param name="at">The point.</param>
    let forward precision (root: Expr) (tangents: GradientMap<Tensor<float>>) (at: Point<float>) =
        let variables = GradientMap.variables tangents
        let sizes = tangents |> GradientMap.map absolute

        Tensor.Generate(
            root.Shape,
            Func<int, float>(fun row ->
                GradientMap.dot (reverse precision root (basis root.Shape row) at variables) sizes
                |> Tensor.toScalar)
        )
