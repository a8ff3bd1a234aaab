namespace FunctionalGrad;

/// <summary>Expressions as plain delegates of .NET, such as <c>Func&lt;double, double, double&gt;</c>.</summary>
public static class Delegates
{
    /// <summary>
    /// The expression as a plain delegate. Where it works on single numbers alone it becomes straight-line machine code over
    /// the delegate's arguments: no point, no tensor, no allocation. The values are bit for bit those of <see cref="Compiling.Compile{T}(Expr, CodeGeneration)"/>.
    /// </summary>
    /// <typeparam name="TDelegate">
    /// The type of the delegate, which also says the precision: arguments and result are <see cref="double"/>, or all
    /// <see cref="float"/>. A variable that is a vector may be an array (not kept or written to; it must have as many entries),
    /// and one of any shape a <see cref="Tensor{T}"/>; an expression that is no scalar gives a <see cref="Tensor{T}"/>.
    /// </typeparam>
    /// <param name="expression">The expression.</param>
    /// <param name="arguments">The variable that each argument is the value of, in order; further ones than the expression has are allowed.</param>
    /// <returns>A delegate that any number of threads may call at once.</returns>
    /// <exception cref="ArgumentException">The type does not fit the variables or the expression, or the expression has a variable that is no argument.</exception>
    /// <example><code>
    /// var (x, y) = (Expr.Variable("x"), Expr.Variable("y"));
    /// var f = (Expr.Sin(x) + y * y).ToDelegate&lt;Func&lt;double, double, double>>(x, y);
    /// f(0, 3);            // 9
    /// var v = Expr.Variable("v", [2]);
    /// (v.At(0) * v.At(1)).ToDelegate&lt;Func&lt;double[], double>>(v)([3, 4]);            // 12
    /// </code></example>
    public static TDelegate ToDelegate<TDelegate>(this Expr expression, params ReadOnlySpan<Variable> arguments)
        where TDelegate : Delegate => expression.ToDelegate<TDelegate>(CodeGeneration.Automatic, arguments);

    /// <summary>The expression as a plain delegate, with or without machine code of its own.</summary>
    /// <typeparam name="TDelegate">The type of the delegate.</typeparam>
    /// <param name="expression">The expression.</param>
    /// <param name="generation">
    /// Whether machine code is made for it: the same bits either way. By default it is, but for graphs of many thousand
    /// operations only once the calls repay it.
    /// </param>
    /// <param name="arguments">The variable that each argument is the value of, in order.</param>
    /// <exception cref="ArgumentException">The type does not fit the variables or the expression, or the expression has a variable that is no argument.</exception>
    public static TDelegate ToDelegate<TDelegate>(this Expr expression, CodeGeneration generation, params ReadOnlySpan<Variable> arguments)
        where TDelegate : Delegate
    {
        ArgumentNullException.ThrowIfNull(expression);
        return ToDelegate<TDelegate>(new ReadOnlySpan<Expr>(in expression), generation, arguments);
    }

    /// <summary>
    /// Several expressions as one plain delegate, which returns a tuple of their values; what they share is computed once.
    /// </summary>
    /// <typeparam name="TDelegate">
    /// The type of the delegate: its result is a tuple, or tuples in a tuple, with a number or a tensor for each expression in
    /// order. An array at its end, or as the whole of it, takes all expressions that remain, or the one vector that does: it is
    /// new for every call.
    /// </typeparam>
    /// <param name="expressions">The expressions.</param>
    /// <param name="arguments">The variable that each argument is the value of, in order.</param>
    /// <exception cref="ArgumentException">The type does not fit the variables or the expressions, or an expression has a variable that is no argument.</exception>
    /// <example><code>
    /// var (x, y) = (Expr.Variable("x"), Expr.Variable("y"));
    /// var f = x * x * y;
    /// var gradient = f.Gradient(x, y);
    /// Expr[] all = [f, gradient[x], gradient[y]];
    /// all.ToDelegate&lt;Func&lt;double, double, (double Value, (double ByX, double ByY) Gradient)>>(x, y)(3, 2);            // (18, (12, 9))
    /// var v = Expr.Variable("v", [2]);
    /// var product = v.At(0) * v.At(1);
    /// Expr[] both = [product, product.Gradient(v)[v]];
    /// both.ToDelegate&lt;Func&lt;double[], (double Value, double[] Gradient)>>(v)([3, 4]).Gradient[0];            // 4
    /// </code></example>
    public static TDelegate ToDelegate<TDelegate>(this Expr[] expressions, params ReadOnlySpan<Variable> arguments)
        where TDelegate : Delegate
    {
        ArgumentNullException.ThrowIfNull(expressions);
        return ToDelegate<TDelegate>((ReadOnlySpan<Expr>)expressions, CodeGeneration.Automatic, arguments);
    }

    /// <summary>Several expressions as one plain delegate, with or without machine code of its own.</summary>
    /// <typeparam name="TDelegate">The type of the delegate.</typeparam>
    /// <param name="expressions">The expressions.</param>
    /// <param name="generation">Whether machine code is made for it: the same bits either way.</param>
    /// <param name="arguments">The variable that each argument is the value of, in order.</param>
    /// <exception cref="ArgumentException">The type does not fit the variables or the expressions, or an expression has a variable that is no argument.</exception>
    public static TDelegate ToDelegate<TDelegate>(this Expr[] expressions, CodeGeneration generation, params ReadOnlySpan<Variable> arguments)
        where TDelegate : Delegate
    {
        ArgumentNullException.ThrowIfNull(expressions);
        return ToDelegate<TDelegate>((ReadOnlySpan<Expr>)expressions, generation, arguments);
    }

    private static TDelegate ToDelegate<TDelegate>(ReadOnlySpan<Expr> expressions, CodeGeneration generation, ReadOnlySpan<Variable> arguments)
        where TDelegate : Delegate =>
        (TDelegate)DelegateMaker.Make(DelegateForm.Of(typeof(TDelegate), arguments, expressions), expressions, generation);
}
