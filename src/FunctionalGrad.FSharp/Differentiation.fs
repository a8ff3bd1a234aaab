namespace FunctionalGrad.FSharp

open System
open System.Collections.Immutable
open FunctionalGrad

/// <summary>
/// Derivatives of functions, as functions again: they curry, pipe and nest to any order.
/// <code>
/// let f x = sin x * x
/// diff f (Expr.constant 0.0) |> Expr.value                     // 0
/// diff (diff f) (Expr.constant 0.0) |> Expr.value              // 2
/// </code>
/// Functions of several arguments take a list.
/// </summary>
[<AutoOpen>]
module Differentiation =

    let private ofList (f: Expr list -> Expr) =
        Func<ImmutableArray<Expr>, Expr>(fun arguments -> f (List.ofSeq arguments))

    let private toArray (arguments: Expr list) = ImmutableArray.CreateRange arguments

    /// <summary>The derivative of a function of one number; the value may have any shape.</summary>
    /// <param name="f">A function of a scalar.</param>
    /// <param name="x">Where.</param>
    let diff (f: Expr -> Expr) (x: Expr) : Expr =
        Differentiate.Derivative(Func<_, _> f).Invoke x

    /// <summary>The n-th derivative of a function of one number; for n = 0 the function itself.</summary>
    /// <param name="n">How many times to differentiate.</param>
    /// <param name="f">A function of a scalar.</param>
    let diffN (n: int) (f: Expr -> Expr) : Expr -> Expr =
        if n < 0 then
            invalidArg (nameof n) $"diffN: there is no derivative of order %d{n}; give 0 or more"

        Seq.replicate n diff |> Seq.fold (fun derivative next -> next derivative) f

    /// <summary>The derivatives 0 … n of a function of one number, all at once by Taylor mode: the value first.
    /// Equal to <c>[ for k in 0 .. n -> diffN k f x ]</c>, in O(n²) a node.</summary>
    /// <param name="n">The highest derivative.</param>
    /// <param name="f">A function of a scalar; the value may have any shape.</param>
    /// <param name="x">Where.</param>
    let taylor (n: int) (f: Expr -> Expr) (x: Expr) : Expr list =
        Differentiate.Taylor(Func<Expr, Expr> f, n).Invoke x |> List.ofSeq

    /// <summary>A function of a number and its derivative as one readable program.</summary>
    /// <param name="f">A function of a scalar.</param>
    let show (f: Expr -> Expr) : string = Differentiate.Show(Func<Expr, Expr> f)

    /// <summary>A function of a tensor and its derivative as one readable program.</summary>
    /// <param name="shape">The shape of the argument.</param>
    /// <param name="f">The function.</param>
    let showFor (shape: int list) (f: Expr -> Expr) : string =
        Differentiate.Show(Func<Expr, Expr> f, Shape.Of(ReadOnlySpan(List.toArray shape)))

    /// <summary>The gradient of a scalar function of a tensor.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="x">Where.</param>
    let grad (f: Expr -> Expr) (x: Expr) : Expr =
        Differentiate.Gradient(Func<Expr, Expr> f).Invoke x

    /// <summary>The gradients of a scalar function of two tensors, by each.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="x">The first argument.</param>
    /// <param name="y">The second argument.</param>
    let grad2 (f: Expr -> Expr -> Expr) (x: Expr) (y: Expr) : Expr * Expr =
        let struct (byX, byY) =
            Differentiate.Gradient(Func<Expr, Expr, Expr>(fun x y -> f x y)).Invoke(x, y)

        byX, byY

    /// <summary>The gradients of a scalar function of several tensors, by each.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="arguments">Where.</param>
    let gradList (f: Expr list -> Expr) (arguments: Expr list) : Expr list =
        Differentiate.Gradient(ofList f).Invoke(toArray arguments) |> List.ofSeq

    /// <summary>The value and the gradient of a scalar function, which share what they have in common.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="x">Where.</param>
    let valueAndGrad (f: Expr -> Expr) (x: Expr) : Expr * Expr =
        let struct (value, gradient) =
            Differentiate.ValueAndGradient(Func<Expr, Expr> f).Invoke x

        value, gradient

    /// <summary>The Jacobian: the value's shape, then the argument's.</summary>
    /// <param name="f">A function of any shape to any shape.</param>
    /// <param name="x">Where.</param>
    let jacobian (f: Expr -> Expr) (x: Expr) : Expr =
        Differentiate.Jacobian(Func<Expr, Expr> f).Invoke x

    /// <summary>The Hessian of a scalar function of a tensor.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="x">Where.</param>
    let hessian (f: Expr -> Expr) (x: Expr) : Expr =
        Differentiate.Hessian(Func<Expr, Expr> f).Invoke x

    /// <summary>The product H·v of the Hessian with a vector, without forming H.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="x">Where.</param>
    /// <param name="v">A vector of the argument's shape.</param>
    let hvp (f: Expr -> Expr) (x: Expr) (v: Expr) : Expr =
        Differentiate.HessianVectorProduct(Func<Expr, Expr> f).Invoke(x, v)

    /// <summary>The value, and the pushforward J·v of a tangent. Forward mode.</summary>
    /// <param name="f">A function of any shape to any shape.</param>
    /// <param name="x">Where.</param>
    /// <param name="v">The tangent, of the argument's shape.</param>
    let jvp (f: Expr -> Expr) (x: Expr) (v: Expr) : Expr * Expr =
        let struct (value, tangent) =
            Differentiate.Pushforward(Func<Expr, Expr> f).Invoke(x, v)

        value, tangent

    /// <summary>The value, and the pullback w ↦ Jᵀ·w, a linear function. Reverse mode.</summary>
    /// <param name="f">A function of any shape to any shape.</param>
    /// <param name="x">Where.</param>
    let vjp (f: Expr -> Expr) (x: Expr) : Expr * (Expr -> Expr) =
        let struct (value, pull) = Differentiate.Pullback(Func<Expr, Expr> f).Invoke x
        value, (fun w -> pull.Invoke w)

    /// <summary>
    /// A function of one example made a function of a batch: argument and value get an axis that leads. No loop; it nests.
    /// <code>
    /// batch (grad f) xs        // the gradients of each example
    /// </code>
    /// </summary>
    /// <param name="f">A function of any shape to any shape.</param>
    /// <param name="x">The examples along the first axis.</param>
    let batch (f: Expr -> Expr) (x: Expr) : Expr =
        Differentiate.Batch(Func<Expr, Expr> f).Invoke x

    /// <summary>A function of two tensors made a function of a batch of both.</summary>
    /// <param name="f">A function of any shapes to any shape.</param>
    /// <param name="x">The first arguments along the first axis.</param>
    /// <param name="y">The second arguments, as many.</param>
    let batch2 (f: Expr -> Expr -> Expr) (x: Expr) (y: Expr) : Expr =
        Differentiate.Batch(Func<Expr, Expr, Expr>(fun x y -> f x y), ReadOnlySpan<int>.Empty).Invoke(x, y)

    /// <summary>A function of several tensors made a function of a batch of some of them; the examples share the others.</summary>
    /// <param name="over">The arguments whose first axis is that of the examples, from 0; none means all.</param>
    /// <param name="f">A function of any shapes to any shape.</param>
    /// <param name="arguments">The arguments.</param>
    let batchOver (over: int list) (f: Expr list -> Expr) (arguments: Expr list) : Expr =
        Differentiate.Batch(ofList f, ReadOnlySpan(Array.ofList over)).Invoke(toArray arguments)
