namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// <summary>
/// Smaller cases: a node gives way to one of its inputs, a variable loses an axis or becomes a constant, the numbers of the
/// point become simpler. Every step makes the case smaller by one measure, so shrinking ends; and every step stays inside
/// the primitives' domains, so that it ends at the fault that it started from.
/// </summary>
[<RequireQualifiedAccess>]
module Shrinking =

    let private shapesOnly = set [ "broadcast"; "reshape"; "sum" ]

    let private costOfNumber (number: float) =
        if number = 0.0 then 0
        elif number = 1.0 then 1
        elif Double.IsInteger number then 2
        elif Double.IsInteger(number * 8.0) then 4
        else 8

    let private costOfNode (case: Case) (node: Expr) =
        match node with
        | :? Variable as variable ->
            let numbers = case.Point[variable].ToArray()

            100
            + 40 * numbers.Length
            + 10 * variable.Shape.Rank
            + Array.sumBy costOfNumber numbers
        | Constant value -> 10 + value.Size
        | Apply(primitive, _) when shapesOnly.Contains primitive.Name -> 15
        | _ -> 100

    let private cost (case: Case) =
        Expr.nodes case.Root |> List.sumBy (costOfNode case)

    let private restricted (root: Expr) (at: Point<float>) =
        let entries =
            Expr.variables root |> List.map (fun variable -> variable, at[variable])

        {
            Root = root
            Point = Point.ofTensors entries
        }

    let private replace (node: Expr) (replacement: Expr) (root: Expr) =
        Rewriting.Rewrite(
            ReadOnlySpan<Expr> [| root |],
            Func<Expr, Expr>(fun other ->
                if obj.ReferenceEquals(other, node) then
                    replacement
                else
                    other)
        )[0]

    let private nodesByInputs (case: Case) =
        seq {
            for node in Expr.nodes case.Root |> List.rev do
                match node with
                | Apply(_, inputs) ->
                    for input in inputs do
                        if obj.ReferenceEquals(node, case.Root) then
                            yield restricted input case.Point
                        else
                            yield restricted (replace node (Fitting.toShape node.Shape input) case.Root) case.Point
                | _ -> ()
        }

    let private smallerShapes (shape: Shape) =
        seq {
            if shape.Rank > 0 then
                yield Shape.ofList []
                yield Shape.ofList (List.tail (Shape.toList shape))

            for axis in 0 .. shape.Rank - 1 do
                if shape[axis] > 1 then
                    yield shape.With(axis, 1)
        }

    let private firstEntries (shape: Shape) (value: Tensor<float>) =
        Tensor.Of(shape, Array.truncate shape.Size (value.ToArray()))

    let private smallerVariables (case: Case) =
        seq {
            for variable in Case.variables case do
                for shape in smallerShapes variable.Shape do
                    if shape.Size > 0 && variable.Shape.Size > 0 then
                        let smaller = FunctionalGrad.Expr.Variable(variable.Name, shape)
                        let at = case.Point |> Point.add smaller (firstEntries shape case.Point[variable])
                        yield restricted (replace variable (smaller.BroadcastTo variable.Shape) case.Root) at
        }

    let private fewerVariables (case: Case) =
        seq {
            for variable in Case.variables case do
                yield restricted (replace variable (Expr.tensor case.Point[variable]) case.Root) case.Point
        }

    let private simpler (number: float) =
        [ 0.0; 1.0; Math.Round number; Math.Round(number * 8.0) / 8.0 ]
        |> List.filter (fun other -> costOfNumber other < costOfNumber number)

    let private simplerPoints (case: Case) =
        seq {
            for variable in Case.variables case do
                let numbers = case.Point[variable].ToArray()

                let changed place number =
                    Tensor.Of(
                        variable.Shape,
                        numbers |> Array.mapi (fun other old -> if other = place then number else old)
                    )

                for place in 0 .. numbers.Length - 1 do
                    for number in simpler numbers[place] do
                        yield
                            { case with
                                Point = case.Point |> Point.add variable (changed place number)
                            }
        }

    /// <summary>Cases that are smaller than a given one, the boldest first.</summary>
    /// <param name="case">The case.</param>
    let smaller (case: Case) =
        let limit = cost case

        seq {
            yield! nodesByInputs case
            yield! smallerVariables case
            yield! fewerVariables case
            yield! simplerPoints case
        }
        |> Seq.filter (fun other -> cost other < limit && Domains.holdThroughout other.Root other.Point)
