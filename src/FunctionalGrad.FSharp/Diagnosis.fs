namespace FunctionalGrad.FSharp

open System
open FunctionalGrad

/// <summary>
/// Finding out what went wrong.
/// <code>
/// let x = Expr.var "x"
/// log x |> Diagnosis.explainNonFinite (Point.ofList [ x, -1.5 ])     // Some: log gave NaN: its operand was x = -1.5
/// </code>
/// </summary>
[<RequireQualifiedAccess>]
module Diagnosis =

    /// <summary>Where a NaN or an infinity in a value came from; none where every entry is finite.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <param name="expression">An expression of any shape.</param>
    let explainNonFinite (at: Point<'number>) (expression: Expr) : NonFiniteExplanation option =
        expression.ExplainNonFinite at |> Option.ofObj

    /// <summary>Where a NaN or an infinity in a value, or else in its gradient by all variables, came from.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <param name="expression">A scalar.</param>
    let explainNonFiniteGradient (at: Point<'number>) (expression: Expr) : NonFiniteExplanation option =
        expression.ExplainNonFiniteGradient(at, ReadOnlySpan<Variable>.Empty)
        |> Option.ofObj

    /// <summary>Checks the gradient of a scalar expression by all of its variables against finite differences.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <param name="expression">A scalar.</param>
    let checkGradient (at: Point<float>) (expression: Expr) : GradientReport = expression.CheckGradient at

    /// <summary>An expression and its derivatives by all of its variables as one readable program.</summary>
    /// <param name="expression">An expression of any shape.</param>
    let show (expression: Expr) : string = expression.Show()
