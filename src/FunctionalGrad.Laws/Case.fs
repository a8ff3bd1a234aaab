namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// What a law is tried on: a graph, of any shape, and a point for its variables. Prints as a program.
[<StructuredFormatDisplay("{Text}"); ReferenceEquality>]
type Case =
    {
        /// The graph.
        Root: Expr
        /// A number for every entry of every variable, exact in single precision.
        Point: Point<float>
    }

    /// The graph as a program, one node a line, and the point.
    member case.Text =
        let names = Collections.Generic.Dictionary<Expr, string>(HashIdentity.Reference)

        let name (node: Expr) =
            match node with
            | Constant value when value.Size <= 8 -> $"%O{value}"
            | node -> names[node]

        let line position (node: Expr) =
            match node with
            | Variable variable ->
                names[node] <- variable.Name
                Some $"%s{variable.Name} = %O{case.Point[variable]} : variable %O{node.Shape}"
            | Constant value when value.Size <= 8 -> None
            | Constant value ->
                names[node] <- $"n%d{position}"
                Some $"n%d{position} = constant %O{value} : %O{node.Shape}"
            | Apply(primitive, inputs) ->
                names[node] <- $"n%d{position}"
                let operands = inputs |> List.map name |> String.concat ", "
                Some $"n%d{position} = %O{primitive} [%s{operands}] : %O{node.Shape}"

        let lines = Expr.nodes case.Root |> List.mapi line |> List.choose id
        String.concat "\n" (lines @ [ $"result = %s{name case.Root}" ])

    override case.ToString() = case.Text

/// What laws ask of a case.
[<RequireQualifiedAccess>]
module Case =

    /// <summary>The variables of the graph, in the order of their first appearance.</summary>
    /// <param name="case">The case.</param>
    let variables case = case.Root |> Expr.variables

    /// <summary>The inner product of an expression with dyadic weights: a scalar that depends on every entry. A scalar is
    /// its own.</summary>
    /// <param name="salt">Which weights.</param>
    /// <param name="expression">The expression.</param>
    let scalar salt (expression: Expr) =
        if expression.Shape.IsScalar then
            expression
        else
            Expr.dot (Expr.tensor (Dyadic.tensor salt expression.Shape)) expression

    /// <summary>Some different inner nodes of the graph, the root first.</summary>
    /// <param name="count">At most how many.</param>
    /// <param name="case">The case.</param>
    let parts count case =
        let applications =
            Expr.nodes case.Root
            |> List.filter (fun node -> node :? Application && node.Shape.Size > 0)
            |> List.rev

        case.Root
        :: (applications
            |> List.filter (fun node -> not (obj.ReferenceEquals(node, case.Root))))
        |> List.indexed
        |> List.filter (fun (place, _) -> place % max 1 (applications.Length / count) = 0)
        |> List.map snd
        |> List.truncate count
