namespace FunctionalGrad.FSharp

open System
open FunctionalGrad

/// <summary>
/// Derivatives of one's own for functions that exist, to stabilise one or to clip one:
/// <code>
/// let softplus = (fun x -> log (1.0 + exp x)) |> withDerivative (fun x _ -> 1.0 / (1.0 + exp -x))
/// let clipped = id |> withRules (fun _ _ w -> Expr.Clamp(w, -1.0, 1.0)) (fun _ _ v -> v)
/// </code>
/// </summary>
[<AutoOpen>]
module OwnDerivatives =

    type private Rule = Func<Expr, Expr, Expr, Expr>

    let private rule (f: Expr -> Expr -> Expr -> Expr) = Rule(fun x y carried -> f x y carried)

    /// <summary>A function entry by entry, with a derivative of one's own.</summary>
    /// <param name="derivative">dy/dx from the argument x and the value y.</param>
    /// <param name="f">The function, which gives the value.</param>
    let withDerivative (derivative: Expr -> Expr -> Expr) (f: Expr -> Expr) : Expr -> Expr =
        Differentiate.WithDerivative(Func<Expr, Expr> f, Func<Expr, Expr, Expr>(fun x y -> derivative x y)).Invoke

    /// <summary>A function with a pullback of one's own; its pushforward is the transpose, where the pullback is linear.</summary>
    /// <param name="pullback">From the argument, the value and a cotangent w of it to Jᵀ·w.</param>
    /// <param name="f">The function, which gives the value.</param>
    let withPullback (pullback: Expr -> Expr -> Expr -> Expr) (f: Expr -> Expr) : Expr -> Expr =
        Differentiate.WithDerivative(Func<Expr, Expr> f, pullback = rule pullback).Invoke

    /// <summary>A function with a pushforward of one's own; its pullback is the transpose.</summary>
    /// <param name="pushforward">From the argument, the value and a tangent v of the argument to J·v.</param>
    /// <param name="f">The function, which gives the value.</param>
    let withPushforward (pushforward: Expr -> Expr -> Expr -> Expr) (f: Expr -> Expr) : Expr -> Expr =
        Differentiate.WithDerivative(Func<Expr, Expr> f, pushforward = rule pushforward).Invoke

    /// <summary>A function with both rules of one's own, which need not agree: for a gradient that is clipped.</summary>
    /// <param name="pullback">From the argument, the value and a cotangent w of it to Jᵀ·w.</param>
    /// <param name="pushforward">From the argument, the value and a tangent v of the argument to J·v.</param>
    /// <param name="f">The function, which gives the value.</param>
    let withRules
        (pullback: Expr -> Expr -> Expr -> Expr)
        (pushforward: Expr -> Expr -> Expr -> Expr)
        (f: Expr -> Expr)
        : Expr -> Expr =
        Differentiate.WithDerivative(Func<Expr, Expr> f, rule pullback, rule pushforward).Invoke
