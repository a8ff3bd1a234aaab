namespace FunctionalGrad.FSharp

open FunctionalGrad

/// <summary>
/// Expressions taken apart. Matching looks at one node, so a walk over a deep graph should still be a fold over
/// <c>Expr.nodes</c> rather than a recursion.
/// </summary>
[<AutoOpen>]
module Patterns =

    /// <summary>What an expression is: a variable, a constant, or a primitive applied to inputs.</summary>
    /// <param name="expression">The expression.</param>
    let (|Variable|Constant|Apply|) (expression: Expr) =
        match expression with
        | :? Variable as variable -> Variable variable
        | :? Constant as constant -> Constant constant.Value
        | :? Application as application -> Apply(application.Primitive, application.Inputs.ToArray() |> List.ofArray)
        | other -> invalidOp $"{other.GetType()} is not a kind of expression"

    /// <summary>The inputs of an application of the primitive with a given name: <c>Call "exp" [ x ]</c>.</summary>
    /// <param name="name">The primitive's name.</param>
    /// <param name="expression">The expression.</param>
    let (|Call|_|) name (expression: Expr) =
        match expression with
        | Apply(primitive, inputs) when primitive.Name = name -> Some inputs
        | _ -> None

    /// <summary>What is stretched by a broadcast, or the expression itself. Operators insert broadcasts.</summary>
    /// <param name="expression">The expression.</param>
    let (|Broadcast|) (expression: Expr) =
        match expression with
        | Call "broadcast" [ inner ] -> inner
        | whole -> whole

    /// <summary>A constant with one number everywhere, stretched or not.</summary>
    /// <param name="expression">The expression.</param>
    let (|Number|_|) (expression: Expr) =
        match expression with
        | Broadcast(Constant tensor) when tensor.Size = 1 -> Some(tensor.Values[0])
        | _ -> None

    let private one name expression =
        match expression with
        | Call name [ x ] -> Some x
        | _ -> None

    let private two name expression =
        match expression with
        | Call name [ x; y ] -> Some(x, y)
        | _ -> None

    /// <summary>−x.</summary>
    /// <param name="expression">The expression.</param>
    let (|Negate|_|) (expression: Expr) = one "negate" expression

    /// <summary>x + y.</summary>
    /// <param name="expression">The expression.</param>
    let (|Add|_|) (expression: Expr) = two "add" expression

    /// <summary>x − y.</summary>
    /// <param name="expression">The expression.</param>
    let (|Subtract|_|) (expression: Expr) = two "subtract" expression

    /// <summary>x · y.</summary>
    /// <param name="expression">The expression.</param>
    let (|Multiply|_|) (expression: Expr) = two "multiply" expression

    /// <summary>x / y.</summary>
    /// <param name="expression">The expression.</param>
    let (|Divide|_|) (expression: Expr) = two "divide" expression

    /// <summary>A sum of entries, over some axes or all.</summary>
    /// <param name="expression">The expression.</param>
    let (|Sum|_|) (expression: Expr) = one "sum" expression

    /// <summary>A choice: condition, value where it holds, value elsewhere.</summary>
    /// <param name="expression">The expression.</param>
    let (|Select|_|) (expression: Expr) =
        match expression with
        | Call "select" [ condition; whenTrue; whenFalse ] -> Some(condition, whenTrue, whenFalse)
        | _ -> None
