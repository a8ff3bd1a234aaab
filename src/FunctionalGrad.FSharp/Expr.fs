namespace FunctionalGrad.FSharp

open System
open FunctionalGrad

/// <summary>
/// Making, evaluating and differentiating expressions. Whatever needs a variable takes it as an expression, which is how
/// <c>Expr.var</c> gives it, so that <c>sin x * x</c> needs no conversion.
/// <code>
/// let w = Expr.var "w"
/// let loss = (w * 3.0 - 3.0) ** 2
/// let at = Point.ofList [ w, 2.0 ]
/// loss |> Expr.eval at                                          // 9
/// loss |> Expr.gradient |> GradientMap.eval at                  // { w ↦ 18 }
/// </code>
/// </summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Expr =

    let private spanOfVariables operation (keys: #Expr list) =
        keys |> List.map (Key.variable operation) |> Array.ofList

    /// <summary>A new scalar variable. Two variables of one name are two variables.</summary>
    /// <param name="name">What it prints as.</param>
    let var (name: string) : Expr = FunctionalGrad.Expr.Variable name

    /// <summary>A new variable of any shape: <c>Expr.tensorVar "W" [2; 3]</c>.</summary>
    /// <param name="name">What it prints as.</param>
    /// <param name="shape">Its extents.</param>
    let tensorVar (name: string) (shape: int list) : Expr =
        FunctionalGrad.Expr.Variable(name, Shape.ofList shape)

    /// <summary>A constant number.</summary>
    /// <param name="value">The number.</param>
    let constant (value: float) : Expr = FunctionalGrad.Expr.Constant value

    /// <summary>A constant tensor.</summary>
    /// <param name="value">The tensor.</param>
    let tensor (value: Tensor<float>) : Expr = FunctionalGrad.Expr.Constant value

    /// <summary>A constant vector.</summary>
    /// <param name="values">Its components.</param>
    let vector (values: float list) : Expr = values |> Tensor.vector |> tensor

    /// <summary>The variables that an expression depends on, in the order of their first appearance.</summary>
    /// <param name="expression">The expression.</param>
    let variables (expression: Expr) =
        TopologicalOrder.Of(ReadOnlySpan [| expression |]).Variables |> List.ofSeq

    /// <summary>The nodes of an expression, each once, inputs before users.</summary>
    /// <param name="expression">The expression.</param>
    let nodes (expression: Expr) =
        TopologicalOrder.Of(ReadOnlySpan [| expression |]).Nodes.ToArray()
        |> List.ofArray

    /// <summary>The value at a point, in the point's precision.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <param name="expression">The expression.</param>
    let eval (at: Point<'number>) (expression: Expr) = expression.Evaluate at

    /// <summary>The number of a scalar expression without variables.</summary>
    /// <param name="expression">The expression.</param>
    let value (expression: Expr) = expression.Evaluate().ToScalar()

    /// <summary>The gradient of a scalar by all its variables.</summary>
    /// <param name="expression">A scalar.</param>
    let gradient (expression: Expr) = expression.Gradient()

    /// <summary>The gradient of a scalar by some variables.</summary>
    /// <param name="by">The variables.</param>
    /// <param name="expression">A scalar.</param>
    let gradientBy (by: #Expr list) (expression: Expr) =
        match spanOfVariables "gradient" by with
        | [||] -> GradientMap<Expr>.Zero
        | keys -> expression.Gradient(ReadOnlySpan keys)

    /// <summary>The pullback Jᵀ·w to all variables.</summary>
    /// <param name="cotangent">The cotangent w, of the expression's shape.</param>
    /// <param name="expression">The expression.</param>
    let pullback (cotangent: Expr) (expression: Expr) =
        expression.Pullback(cotangent, ReadOnlySpan<Variable>())

    /// <summary>The pushforward J·v.</summary>
    /// <param name="tangents">The tangent of each variable that moves.</param>
    /// <param name="expression">The expression.</param>
    let pushforward (tangents: GradientMap<Expr>) (expression: Expr) = expression.Pushforward tangents

    /// <summary>The Jacobian by a variable: the expression's shape, then the variable's.</summary>
    /// <param name="by">The variable.</param>
    /// <param name="expression">The expression.</param>
    let jacobian (by: #Expr) (expression: Expr) =
        expression.Jacobian(Key.variable "Jacobian" by)

    /// <summary>The Hessian by a variable.</summary>
    /// <param name="by">The variable.</param>
    /// <param name="expression">A scalar.</param>
    let hessian (by: #Expr) (expression: Expr) =
        expression.Hessian(Key.variable "Hessian" by)

    /// <summary>The expression with a variable replaced.</summary>
    /// <param name="key">The variable.</param>
    /// <param name="replacement">What stands in its place, of the same shape.</param>
    /// <param name="expression">The expression.</param>
    let substitute (key: #Expr) (replacement: Expr) (expression: Expr) =
        expression.Substitute(Key.variable "substitute" key, replacement)

    /// <summary>Entry by entry, one branch where the condition holds and the other elsewhere; neither leaks.</summary>
    /// <param name="condition">Usually a comparison.</param>
    /// <param name="whenTrue">The value where it holds (is not 0).</param>
    /// <param name="whenFalse">The value elsewhere.</param>
    let select (condition: Expr) (whenTrue: Expr) (whenFalse: Expr) =
        FunctionalGrad.Expr.Select(condition, whenTrue, whenFalse)

    let private allAxes () = ReadOnlySpan<int>()

    // Without axes the C# methods reduce over all of them; a list that is empty means none.
    let private over (axes: int list) (reduce: int array -> Expr) (expression: Expr) =
        if axes.IsEmpty then
            expression
        else
            reduce (Array.ofList axes)

    /// <summary>The sum of all entries.</summary>
    /// <param name="expression">The expression.</param>
    let sum (expression: Expr) = expression.Sum(allAxes ())

    /// <summary>The sum over some axes, which go away; over none, the expression itself.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="expression">The expression.</param>
    let sumOver (axes: int list) (expression: Expr) =
        expression |> over axes (fun axes -> expression.Sum(ReadOnlySpan<int> axes))

    /// <summary>The arithmetic mean of all entries.</summary>
    /// <param name="expression">The expression.</param>
    let mean (expression: Expr) = expression.Mean(allAxes ())

    /// <summary>The arithmetic mean over some axes, which go away; over none, the expression itself.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="expression">The expression.</param>
    let meanOver (axes: int list) (expression: Expr) =
        expression |> over axes (fun axes -> expression.Mean(ReadOnlySpan<int> axes))

    /// <summary>The greatest of all entries.</summary>
    /// <param name="expression">The expression.</param>
    let max (expression: Expr) = expression.Max(allAxes ())

    /// <summary>The greatest over some axes, which go away; over none, the expression itself.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="expression">The expression.</param>
    let maxOver (axes: int list) (expression: Expr) =
        expression |> over axes (fun axes -> expression.Max(ReadOnlySpan<int> axes))

    /// <summary>The least of all entries.</summary>
    /// <param name="expression">The expression.</param>
    let min (expression: Expr) = expression.Min(allAxes ())

    /// <summary>The least over some axes, which go away; over none, the expression itself.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="expression">The expression.</param>
    let minOver (axes: int list) (expression: Expr) =
        expression |> over axes (fun axes -> expression.Min(ReadOnlySpan<int> axes))

    /// <summary>The logarithm of the sum of the exponentials of all entries.</summary>
    /// <param name="expression">The expression.</param>
    let logSumExp (expression: Expr) = expression.LogSumExp(allAxes ())

    /// <summary>The logarithm of the sum of the exponentials over some axes, which go away; over none, the expression itself.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="expression">The expression.</param>
    let logSumExpOver (axes: int list) (expression: Expr) =
        expression
        |> over axes (fun axes -> expression.LogSumExp(ReadOnlySpan<int> axes))

    /// <summary>The Euclidean norm of all entries.</summary>
    /// <param name="expression">The expression.</param>
    let norm (expression: Expr) = expression.Norm(allAxes ())

    /// <summary>The Euclidean norm over some axes, which go away; over none, the absolute values.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="expression">The expression.</param>
    let normOver (axes: int list) (expression: Expr) =
        abs expression
        |> over axes (fun axes -> expression.Norm(ReadOnlySpan<int> axes))

    /// <summary>The softmax along an axis.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="expression">The expression.</param>
    let softmax (axis: int) (expression: Expr) = expression.Softmax axis

    /// <summary>The matrix product.</summary>
    /// <param name="left">A matrix, or a vector that stands for a row.</param>
    /// <param name="right">A matrix, or a vector that stands for a column.</param>
    let matmul (left: Expr) (right: Expr) = left.MatMul right

    /// <summary>The axes in reverse order: of a matrix, its transpose.</summary>
    /// <param name="expression">The expression.</param>
    let transpose (expression: Expr) = expression.Transpose()

    /// <summary>The part at one position of the first axis.</summary>
    /// <param name="index">The position; a negative one counts from the end.</param>
    /// <param name="expression">The expression.</param>
    let item (index: int) (expression: Expr) = expression.At index

    /// <summary>The inner product of two expressions of one shape.</summary>
    /// <param name="left">An expression.</param>
    /// <param name="right">An expression of the same shape.</param>
    let dot (left: Expr) (right: Expr) = FunctionalGrad.Expr.Dot(left, right)

    /// <summary>The same entries under another shape.</summary>
    /// <param name="shape">The new extents, of the same size.</param>
    /// <param name="expression">The expression.</param>
    let reshape (shape: int list) (expression: Expr) = expression.Reshape(Shape.ofList shape)

    /// <summary>The expression repeated to fill a shape, as NumPy broadcasts.</summary>
    /// <param name="shape">The extents to fill.</param>
    /// <param name="expression">The expression.</param>
    let broadcastTo (shape: int list) (expression: Expr) =
        expression.BroadcastTo(Shape.ofList shape)

    /// <summary>Expressions of one shape side by side along a new axis.</summary>
    /// <param name="axis">Where the new axis stands.</param>
    /// <param name="parts">At least one expression.</param>
    let stack (axis: int) (parts: Expr list) =
        FunctionalGrad.Expr.Stack(ReadOnlySpan(Array.ofList parts), axis)

    /// <summary>The expression at a batch of examples: its value for each, along an axis that leads.</summary>
    /// <param name="batches">For each variable that differs between examples, its values along a leading axis.</param>
    /// <param name="expression">The expression for one example.</param>
    let batch (batches: (#Expr * Expr) list) (expression: Expr) =
        batches
        |> List.map (fun (key, values) -> Key.variable "batch" key, values)
        |> readOnlyDict
        |> expression.Batch

    /// <summary>
    /// The state after all items of a sequence, as <c>List.fold</c>, with one step in the graph however long the sequence is.
    /// <code>
    /// Expr.fold (fun total x -> total + x * x) (Expr.constant 0.0) (Expr.vector [ 1.0; 2.0; 3.0 ]) |> Expr.value // 14
    /// </code>
    /// </summary>
    /// <param name="folder">From the state and an item to the next state, of the same shape; called once.</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="sequence">The items, along the first axis.</param>
    let fold (folder: Expr -> Expr -> Expr) (state: Expr) (sequence: Expr) =
        FunctionalGrad.Expr.Fold(state, sequence, Func<Expr, Expr, Expr>(fun state item -> folder state item))

    /// <summary>A fold of which reverse mode keeps every k-th state only and computes the others once more.</summary>
    /// <param name="every">How many steps lie between states that are kept; about √n needs the least memory.</param>
    /// <param name="folder">From the state and an item to the next state, of the same shape.</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="sequence">The items, along the first axis.</param>
    let foldCheckpointed (every: int) (folder: Expr -> Expr -> Expr) (state: Expr) (sequence: Expr) =
        FunctionalGrad.Expr.Fold(state, sequence, Func<Expr, Expr, Expr>(fun state item -> folder state item), every)

    /// <summary>
    /// All states of a fold along a new first axis, the initial one first as in <c>List.scan</c>: one more than there are items.
    /// </summary>
    /// <param name="folder">From the state and an item to the next state, of the same shape; called once.</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="sequence">The items, along the first axis.</param>
    let scan (folder: Expr -> Expr -> Expr) (state: Expr) (sequence: Expr) =
        let next =
            FunctionalGrad.Expr.Scan(state, sequence, Func<Expr, Expr, Expr>(fun state item -> folder state item))

        let first =
            state.Reshape(Shape.ofList (1 :: List.ofArray (state.Shape.Extents.ToArray())))

        FunctionalGrad.Expr.Concatenate([| first; next |], 0)

    /// <summary>A fold of which each step gives a result besides the next state, as <c>List.mapFold</c>.</summary>
    /// <param name="mapping">From the state and an item to a result, of any shape, and the next state; called once.</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="sequence">The items, along the first axis.</param>
    /// <returns>The results along a new first axis, and the state after the last step.</returns>
    let mapFold (mapping: Expr -> Expr -> Expr * Expr) (state: Expr) (sequence: Expr) : Expr * Expr =
        let step state item =
            let result, next = mapping state item
            struct (next, result)

        let struct (final, results) =
            FunctionalGrad.Expr.Scan(
                state,
                sequence,
                Func<Expr, Expr, struct (Expr * Expr)>(fun state item -> step state item)
            )

        results, final

    /// <summary>The state after a number of equal steps.</summary>
    /// <param name="times">The number of steps.</param>
    /// <param name="step">From a state to the next, of the same shape; called once.</param>
    /// <param name="state">The state before the first step.</param>
    let repeat (times: int) (step: Expr -> Expr) (state: Expr) =
        FunctionalGrad.Expr.Repeat(state, times, Func<Expr, Expr> step)

    /// <summary>
    /// Steps from a state as long as a condition holds, and at most so many; more are an error at evaluation. It costs the steps
    /// that it takes, and differentiates in both modes.
    /// </summary>
    /// <param name="most">The most steps that it may take.</param>
    /// <param name="condition">From the state to a scalar: not 0 to go on.</param>
    /// <param name="step">From a state to the next, of the same shape; called once.</param>
    /// <param name="state">The state before the first step.</param>
    let whileLoop (most: int) (condition: Expr -> Expr) (step: Expr -> Expr) (state: Expr) =
        FunctionalGrad.Expr.While(state, Func<Expr, Expr> condition, Func<Expr, Expr> step, most)

    /// <summary>
    /// The fixed point x = step x that is reached from a first guess, to rounding; differentiated as the point that it is, by the
    /// implicit function theorem.
    /// <code>
    /// Expr.constant 1.0 |> Expr.iterate 50 (fun x -> (x + 9.0 / x) / 2.0) |> Expr.value // 3
    /// </code>
    /// </summary>
    /// <param name="most">The most steps that it may take; if it takes more, evaluation is an error.</param>
    /// <param name="step">From x to a better x, of the same shape; called once.</param>
    /// <param name="guess">Where to begin.</param>
    let iterate (most: int) (step: Expr -> Expr) (guess: Expr) =
        FunctionalGrad.Expr.Iterate(guess, Func<Expr, Expr> step, null, most)

    /// <summary>The fixed point x = step x, until x and the next x say that it is reached.</summary>
    /// <param name="reached">From x and step x to a scalar: not 0 to stop.</param>
    /// <param name="most">The most steps that it may take; if it takes more, evaluation is an error.</param>
    /// <param name="step">From x to a better x, of the same shape; called once.</param>
    /// <param name="guess">Where to begin.</param>
    let iterateUntil (reached: Expr -> Expr -> Expr) (most: int) (step: Expr -> Expr) (guess: Expr) =
        FunctionalGrad.Expr.Iterate(
            guess,
            Func<Expr, Expr> step,
            Func<Expr, Expr, Expr>(fun x next -> reached x next),
            most
        )

    /// <summary>The same function, of which reverse mode keeps the argument only and computes the rest once more.</summary>
    /// <param name="f">A function; called once for each use.</param>
    let checkpoint (f: Expr -> Expr) : Expr -> Expr =
        FunctionalGrad.Expr.Checkpoint(Func<Expr, Expr> f).Invoke
