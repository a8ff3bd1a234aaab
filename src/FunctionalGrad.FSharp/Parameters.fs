namespace FunctionalGrad.FSharp

open System
open FunctionalGrad

/// <summary>
/// Records, unions, tuples, options, lists, arrays and maps of tensors, nested: what a model's parameters are. A type that is
/// generic in what stands for a tensor serves for formulas and for numbers:
/// <code>
/// type Layer&lt;'v> = { W: 'v; b: 'v }
/// let loss (layer: Layer&lt;Expr>) = Expr.sum (layer.W * layer.b)
/// let at = { W = Tensor.vector [ 1.0; 2.0 ]; b = Tensor.vector [ 3.0; 4.0 ] }
/// at |> Parameters.grad loss                                       // { W = [3, 4]; b = [1, 2] }
/// at |> Parameters.move -0.1 (Parameters.grad loss at)             // a step of gradient descent
/// </code>
/// What is no tensor, number or expression is carried along unchanged.
/// </summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Parameters =

    /// <summary>The gradient of a scalar function of a structure: a structure of the same type.</summary>
    /// <param name="f">The function, over the structure with expressions.</param>
    /// <param name="at">Where: the structure with numbers.</param>
    /// <exception cref="T:FunctionalGrad.ParametersException">The type cannot be taken apart.</exception>
    let grad (f: 'formula -> Expr) (at: 'numbers) : 'numbers =
        Differentiate.Gradient<'formula, 'numbers>(Func<_, _> f, at)

    /// <summary>The value and the gradient of a scalar function of a structure.</summary>
    /// <param name="f">The function, over the structure with expressions.</param>
    /// <param name="at">Where: the structure with numbers.</param>
    /// <exception cref="T:FunctionalGrad.ParametersException">The type cannot be taken apart.</exception>
    let valueAndGrad (f: 'formula -> Expr) (at: 'numbers) : float * 'numbers =
        let struct (value, gradient) =
            Differentiate.ValueAndGradient<'formula, 'numbers>(Func<_, _> f, at)

        value, gradient

    /// <summary>The gradient as a function of structures of expressions, which nests.</summary>
    /// <param name="f">The function.</param>
    /// <param name="at">Where.</param>
    let gradExpr (f: 'formula -> Expr) (at: 'formula) : 'formula =
        Differentiate.Gradient<'formula>(Func<_, _> f).Invoke at

    /// <summary>The product H·v of the Hessian of a scalar function of a structure with a vector.</summary>
    /// <param name="f">The function, over the structure with expressions.</param>
    /// <param name="at">Where.</param>
    /// <param name="v">The vector: a structure of the same form.</param>
    let hvp (f: 'formula -> Expr) (at: 'numbers) (v: 'numbers) : 'numbers =
        Differentiate.HessianVectorProduct<'formula, 'numbers>(Func<_, _> f, at, v)

    /// <summary>The value of a function of a structure and its tangent J·v.</summary>
    /// <param name="f">The function, over the structure with expressions, to any shape.</param>
    /// <param name="at">Where.</param>
    /// <param name="v">The tangent: a structure of the same form.</param>
    let pushforward (f: 'formula -> Expr) (at: 'numbers) (v: 'numbers) : Tensor<float> * Tensor<float> =
        let struct (value, tangent) =
            Differentiate.Pushforward<'formula, 'numbers>(Func<_, _> f, at, v)

        value, tangent

    /// <summary>The value of a function of a structure and the map w ↦ Jᵀ·w, from a cotangent of the value to a structure.</summary>
    /// <param name="f">The function, over the structure with expressions, to any shape.</param>
    /// <param name="at">Where.</param>
    let pullback (f: 'formula -> Expr) (at: 'numbers) : Tensor<float> * (Tensor<float> -> 'numbers) =
        let struct (value, pull) =
            Differentiate.Pullback<'formula, 'numbers>(Func<_, _> f, at)

        value, pull.Invoke

    /// <summary>A function and its gradient as one compiled program: from a structure to both.</summary>
    /// <param name="f">The function, over the structure with expressions. It is called once.</param>
    /// <param name="like">A structure of the form and shapes of those to come.</param>
    let compile (f: 'formula -> Expr) (like: 'numbers) : 'numbers -> float * 'numbers =
        let run = Differentiate.Compile<'formula, 'numbers>(Func<_, _> f, like)

        fun at ->
            let struct (value, gradient) = run.Invoke at
            value, gradient

    /// <summary>A function of parameters and data, and its gradient by the parameters, as one compiled program.</summary>
    /// <param name="f">The function, over both structures with expressions. It is called once.</param>
    /// <param name="like">Parameters of the form and shapes of those to come.</param>
    /// <param name="data">Data of the form and shapes of those to come.</param>
    let compileWith
        (f: 'formula -> 'dataFormula -> Expr)
        (like: 'numbers)
        (data: 'data)
        : 'numbers -> 'data -> float * 'numbers =
        let run =
            Differentiate.Compile<'formula, 'dataFormula, 'numbers, 'data>(Func<_, _, _>(fun p d -> f p d), like, data)

        fun at data ->
            let struct (value, gradient) = run.Invoke(at, data)
            value, gradient

    /// <summary>The structure with every leaf replaced.</summary>
    /// <param name="mapping">From a leaf, a tensor or an expression, to its replacement.</param>
    /// <param name="structure">The structure.</param>
    let map (mapping: 'leaf -> 'leaf) (structure: 'structure) : 'structure =
        Parameters.Map(structure, Func<_, _> mapping)

    /// <summary>The structure with every leaf replaced by what a function makes of it and its counterpart.</summary>
    /// <param name="mapping">From a leaf of each to the new one.</param>
    /// <param name="left">A structure.</param>
    /// <param name="right">A structure of the same form.</param>
    let map2 (mapping: 'leaf -> 'leaf -> 'leaf) (left: 'structure) (right: 'structure) : 'structure =
        Parameters.Zip(left, right, Func<_, _, _>(fun a b -> mapping a b))

    /// <summary>The structure moved along another: p + rate·v.</summary>
    /// <param name="rate">How far; negative to go down.</param>
    /// <param name="along">A structure of the same form, such as a gradient.</param>
    /// <param name="from">Where from.</param>
    let move (rate: float) (along: 'structure) (from: 'structure) : 'structure = Parameters.Move(from, rate, along)

    /// <summary>The leaves of a structure with the paths of their members, in order.</summary>
    /// <param name="structure">The structure.</param>
    let leaves (structure: 'structure) : (string * 'leaf) list =
        [
            for struct (path, leaf) in Parameters.Leaves<'structure, 'leaf> structure -> path, leaf
        ]

    /// <summary>The leaves of a structure as variables, with the ways to points and gradient maps and back.</summary>
    /// <param name="like">A structure of the form and shapes wanted.</param>
    let variables (like: 'numbers) : Parameters<'formula, 'numbers> = Parameters.Of<'formula, 'numbers> like
