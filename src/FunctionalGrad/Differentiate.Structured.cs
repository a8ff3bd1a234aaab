namespace FunctionalGrad;

/// <content>
/// Functions of structures: records, tuples, lists and dictionaries of tensors, nested. The function is written over the
/// structure with expressions, such as <c>Model&lt;Expr></c>, and called at one with numbers, <c>Model&lt;Tensor&lt;double>></c>; the
/// gradient is again such a structure. A record that is not generic serves for both where its members are expressions, since a
/// number or a tensor converts to one.
/// </content>
public static partial class Differentiate
{
    /// <summary>The gradient of a function of a structure, a function of the same structure: it nests.</summary>
    /// <typeparam name="TFormula">A structure of expressions.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart.</exception>
    /// <example><code>
    /// var gradient = Differentiate.Gradient(((Expr X, Expr Y) p) => p.X * p.X * p.Y);
    /// gradient((3.0, 2.0)).X.Evaluate();      // 12
    /// gradient((3.0, 2.0)).Y.Evaluate();      // 9
    /// </code></example>
    public static Func<TFormula, TFormula> Gradient<TFormula>(Func<TFormula, Expr> function)
    {
        var both = ValueAndGradient(function);
        return at => both(at).Gradient;
    }

    /// <summary>The value and the gradient of a function of a structure, which share what they have in common.</summary>
    /// <typeparam name="TFormula">A structure of expressions.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart.</exception>
    public static Func<TFormula, (Expr Value, TFormula Gradient)> ValueAndGradient<TFormula>(Func<TFormula, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return at =>
        {
            var traced = new TracedStructure<TFormula>(function, at);
            var gradient = traced.Value.Gradient(traced.Variables);
            var results = traced.At([traced.Value, .. gradient.Values]);
            return (results[0], traced.Structure(results[1..]));
        };
    }

    /// <summary>The gradient of a function of a structure, at one with numbers.</summary>
    /// <typeparam name="TFormula">The structure with expressions.</typeparam>
    /// <typeparam name="TNumbers">The structure with tensors or numbers.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">Where.</param>
    /// <returns>A structure of the same type and form; what is not a tensor or a number is carried along.</returns>
    /// <exception cref="ParametersException">The types cannot be taken apart; the message names the member and says what can.</exception>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    /// <example><code>
    /// // The line a·x + b through points, by the sum of its squared errors.
    /// var loss = ((Expr A, Expr B) line) => (line.A * Tensor.Of(0.0, 1.0, 2.0) + line.B - Tensor.Of(1.0, 3.0, 5.0)).Square().Sum();
    /// Differentiate.Gradient(loss, (A: 1.0, B: 1.0));                        // (-10, -6)
    /// Differentiate.ValueAndGradient(loss, (A: 1.0, B: 1.0)).Value;          // 5
    /// </code></example>
    public static TNumbers Gradient<TFormula, TNumbers>(Func<TFormula, Expr> function, TNumbers at) =>
        ValueAndGradient(function, at).Gradient;

    /// <summary>The value and the gradient of a function of a structure, at one with numbers.</summary>
    /// <typeparam name="TFormula">The structure with expressions.</typeparam>
    /// <typeparam name="TNumbers">The structure with tensors or numbers.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">Where; its precision is that of the computation.</param>
    /// <exception cref="ParametersException">The types cannot be taken apart.</exception>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static (double Value, TNumbers Gradient) ValueAndGradient<TFormula, TNumbers>(Func<TFormula, Expr> function, TNumbers at)
    {
        ArgumentNullException.ThrowIfNull(function);
        var leaves = new Leaves<TFormula, TNumbers, ExpressionLeaves>(at);
        return GradientProgram<TNumbers>.Interpreted(leaves, function(leaves.Formula), at);
    }

    /// <summary>The value and the gradient of a function of a structure that knows no formulas, such as a record of tensors.</summary>
    /// <typeparam name="TNumbers">The structure, whose leaves are its tensors.</typeparam>
    /// <param name="function">A function with a scalar value, of the structure and of what gives the formula of each of its
    /// tensors. The tensors themselves hold NaN there: only their formulas and shapes count.</param>
    /// <param name="at">Where.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart.</exception>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static (double Value, TNumbers Gradient) ValueAndGradient<TNumbers>(Func<TNumbers, FormulaOf, Expr> function, TNumbers at)
    {
        var (leaves, value) = TracedStructure.OfTensors(function, at);
        return GradientProgram<TNumbers>.Interpreted(leaves, value, at);
    }

    /// <summary>
    /// A function of a structure and its gradient as one compiled program. A call reflects on nothing and looks no name up.
    /// </summary>
    /// <typeparam name="TFormula">The structure with expressions.</typeparam>
    /// <typeparam name="TNumbers">The structure with tensors or numbers.</typeparam>
    /// <param name="function">A function with a scalar value. It is called once, here.</param>
    /// <param name="like">A structure with the form and shapes of those to come; its numbers do not count.</param>
    /// <returns>From a structure to the value and the gradient; it throws a <see cref="ParametersException"/> where the form,
    /// a shape, or a plain member that the function may have been written by is another. Safe from any thread.</returns>
    /// <exception cref="ParametersException">The types cannot be taken apart.</exception>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    /// <example><code>
    /// var start = (A: 1.0, B: 1.0);
    /// var run = Differentiate.Compile(((Expr A, Expr B) line) => (line.A * 3 + line.B).Square(), like: start);
    /// run(start).Gradient;              // (24, 8)
    /// run((A: 0.0, B: 2.0)).Value;      // 4
    /// </code></example>
    public static Func<TNumbers, (double Value, TNumbers Gradient)> Compile<TFormula, TNumbers>(Func<TFormula, Expr> function, TNumbers like)
    {
        ArgumentNullException.ThrowIfNull(function);
        var leaves = new Leaves<TFormula, TNumbers, ExpressionLeaves>(like);
        return GradientProgram<TNumbers>.Compiled(leaves, function(leaves.Formula));
    }

    /// <summary>A function of a structure that knows no formulas and its gradient, as one compiled program.</summary>
    /// <typeparam name="TNumbers">The structure, whose leaves are its tensors.</typeparam>
    /// <param name="function">A function with a scalar value, of the structure and of what gives the formula of each tensor.</param>
    /// <param name="like">A structure with the form and shapes of those to come; its numbers do not count.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart.</exception>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static Func<TNumbers, (double Value, TNumbers Gradient)> Compile<TNumbers>(Func<TNumbers, FormulaOf, Expr> function, TNumbers like)
    {
        var (leaves, value) = TracedStructure.OfTensors(function, like);
        return GradientProgram<TNumbers>.Compiled(leaves, value);
    }

    /// <summary>
    /// A function of parameters and data and its gradient by the parameters, as one compiled program: the data may be another
    /// at every call.
    /// </summary>
    /// <typeparam name="TFormula">The parameters with expressions.</typeparam>
    /// <typeparam name="TDataFormula">The data with expressions.</typeparam>
    /// <typeparam name="TNumbers">The parameters with tensors or numbers.</typeparam>
    /// <typeparam name="TData">The data with tensors or numbers.</typeparam>
    /// <param name="function">A function with a scalar value. It is called once, here.</param>
    /// <param name="like">Parameters with the form and shapes of those to come.</param>
    /// <param name="data">Data with the form and shapes of those to come.</param>
    /// <exception cref="ParametersException">The types cannot be taken apart.</exception>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    /// <example><code>
    /// var run = Differentiate.Compile(
    ///     ((Expr A, Expr B) line, (Expr X, Expr Y) point) => (line.A * point.X + line.B - point.Y).Square(), (A: 1.0, B: 1.0), (X: 0.0, Y: 0.0));
    /// run((1.0, 1.0), (3.0, 2.0));      // (4, (12, 4))
    /// </code></example>
    public static Func<TNumbers, TData, (double Value, TNumbers Gradient)> Compile<TFormula, TDataFormula, TNumbers, TData>(
        Func<TFormula, TDataFormula, Expr> function, TNumbers like, TData data)
    {
        ArgumentNullException.ThrowIfNull(function);
        var leaves = new Leaves<TFormula, TNumbers, ExpressionLeaves>(like);
        var ofData = new Leaves<TDataFormula, TData, ExpressionLeaves>(data);
        return GradientProgram<TNumbers>.Compiled(leaves, ofData, function(leaves.Formula, ofData.Formula));
    }
}
