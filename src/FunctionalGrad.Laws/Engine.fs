namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// The precision in which a law evaluates.
[<RequireQualifiedAccess>]
type Precision =
    /// 32 bits.
    | Single
    /// 64 bits.
    | Double

/// What a law needs to know of a precision.
[<RequireQualifiedAccess>]
module Precision =

    /// <summary>ε: the distance from 1 to the next number.</summary>
    /// <param name="precision">The precision.</param>
    let epsilon precision =
        match precision with
        | Precision.Single -> Math.ScaleB(1.0, -23)
        | Precision.Double -> Math.ScaleB(1.0, -52)

    /// <summary>The smallest normal number: below it a precision keeps no constant relative error.</summary>
    /// <param name="precision">The precision.</param>
    let smallest precision =
        match precision with
        | Precision.Single -> Math.ScaleB(1.0, -126)
        | Precision.Double -> Math.ScaleB(1.0, -1022)

    /// <summary>The values of expressions, computed in a precision by the library's interpreter, and then widened.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="expressions">The expressions.</param>
    /// <param name="at">The point.</param>
    let evaluate precision (expressions: Expr list) (at: Point<float>) =
        let roots = Array.ofList expressions

        match precision with
        | Precision.Double -> Interpreter<float>.Evaluate(ReadOnlySpan<Expr> roots, at) |> List.ofSeq
        | Precision.Single ->
            Interpreter<float32>.Evaluate(ReadOnlySpan<Expr> roots, at.To<float32>())
            |> Seq.map _.To<float>()
            |> List.ofSeq

/// <summary>
/// What the laws test, as functions, so that a faulty engine can be put in its place to see which law notices.
/// </summary>
type Engine =
    {
        /// Jᵀ·w of an expression, from the cotangent w, by the given variables.
        Pullback: Expr -> Expr -> Variable list -> GradientMap<Expr>
        /// J·v of an expression, from the tangents v.
        Pushforward: Expr -> GradientMap<Expr> -> Expr
        /// Expressions at a batch of examples, from what stands for the variables that differ between them.
        Batch: Expr list -> (Variable * Expr) list -> Expr list
        /// The values of expressions at a point, computed in a precision and given in double precision, which loses nothing.
        Evaluate: Precision -> Expr list -> Point<float> -> Tensor<float> list
        /// Expressions as one compiled function, with machine code of its own or without; it gives what Evaluate gives.
        Compile: CodeGeneration -> Precision -> Expr list -> (Point<float> -> Tensor<float> list)
    }

/// Engines to test.
[<RequireQualifiedAccess>]
module Engine =

    let private pullback (expression: Expr) (cotangent: Expr) (variables: Variable list) =
        match variables with
        | [] -> GradientMap<Expr>.Zero
        | _ -> expression.Pullback(cotangent, ReadOnlySpan(Array.ofList variables))

    let private batch (expressions: Expr list) (batches: (Variable * Expr) list) =
        Batching.Batch(ReadOnlySpan(Array.ofList expressions), readOnlyDict batches)
        |> List.ofSeq

    let private compile generation precision (expressions: Expr list) =
        let roots = Array.ofList expressions

        match precision with
        | Precision.Double ->
            let compiled = roots.Compile<float>(generation)
            fun at -> compiled.Invoke at |> List.ofSeq
        | Precision.Single ->
            let compiled = roots.Compile<float32>(generation)

            fun (at: Point<float>) -> compiled.Invoke(at.To<float32>()) |> Seq.map _.To<float>() |> List.ofSeq

    /// The library's own modes, its interpreter and its compiler.
    let library =
        {
            Pullback = pullback
            Pushforward = fun expression tangents -> expression.Pushforward tangents
            Batch = batch
            Evaluate = Precision.evaluate
            Compile = compile
        }

    /// <summary>The gradient of a scalar: its pullback of 1.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="scalar">The expression.</param>
    /// <param name="variables">What to differentiate by.</param>
    let gradient engine scalar variables =
        engine.Pullback scalar (Expr.constant 1.0) variables
