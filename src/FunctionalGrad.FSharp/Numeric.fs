namespace FunctionalGrad.FSharp

open FunctionalGrad

/// <summary>
/// Derivatives of functions at numbers: the functions of <c>Differentiation</c> with tensors for arguments and results,
/// in the precision of the tensors.
/// </summary>
[<RequireQualifiedAccess>]
module Numeric =

    let private along (at: Tensor<'number>) (derivative: Expr -> Expr) =
        let x = FunctionalGrad.Expr.Variable("x", at.Shape)
        derivative x |> Expr.eval (Point.ofTensors [ x, at ])

    /// <summary>The derivative of a function from a number to a number.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    let diff (f: Expr -> Expr) (x: float) : float =
        diff f |> along (Tensor.scalar x) |> Tensor.toScalar

    /// <summary>The n-th derivative of a function from a number to a number.</summary>
    /// <param name="n">How many times to differentiate.</param>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    let diffN (n: int) (f: Expr -> Expr) (x: float) : float =
        diffN n f |> along (Tensor.scalar x) |> Tensor.toScalar

    /// <summary>The derivatives 0 … n of a function from a number to a number, the value first, by Taylor mode.</summary>
    /// <param name="n">The highest derivative.</param>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    let taylor (n: int) (f: Expr -> Expr) (x: float) : float list =
        Differentiate.Taylor(System.Func<Expr, Expr> f, n, x) |> List.ofSeq

    /// <summary>The value of a function.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    let value (f: Expr -> Expr) (x: Tensor<'number>) : Tensor<'number> = f |> along x

    /// <summary>The gradient of a scalar function.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="x">Where.</param>
    let grad (f: Expr -> Expr) (x: Tensor<'number>) : Tensor<'number> = grad f |> along x

    /// <summary>Checks the gradient of a scalar function against finite differences; the report prints the worst first.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="x">Where.</param>
    let checkGradient (f: Expr -> Expr) (x: Tensor<float>) : GradientReport =
        Differentiate.CheckGradient(System.Func<Expr, Expr> f, x)

    /// <summary>The Jacobian of a function.</summary>
    /// <param name="f">A function of any shape to any shape.</param>
    /// <param name="x">Where.</param>
    let jacobian (f: Expr -> Expr) (x: Tensor<'number>) : Tensor<'number> = jacobian f |> along x

    /// <summary>The Hessian of a scalar function.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="x">Where.</param>
    let hessian (f: Expr -> Expr) (x: Tensor<'number>) : Tensor<'number> = hessian f |> along x
