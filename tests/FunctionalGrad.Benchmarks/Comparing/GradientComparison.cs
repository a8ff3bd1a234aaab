namespace FunctionalGrad.Benchmarks;

/// <summary>A scalar function in double precision, and its gradient by some variables.</summary>
internal abstract class GradientComparison : Comparison<double>
{
    private Point<double>? _at;
    private Expr? _formula;
    private Expr[]? _outputs;

    /// <summary>What to differentiate by.</summary>
    protected abstract Variable[] Variables { get; }

    protected sealed override Expr[] Outputs => _outputs ??= [Function, .. (Function.Shape.IsScalar ? Function : Function.Sum()).Gradient(Variables).Values];

    protected sealed override Point<double> At => _at ??= MakePoint();

    private Expr Function => _formula ??= Formula();

    /// <summary>
    /// The function as a user writes it. Where it is not a scalar, its entries do not depend on each other's variables, so
    /// that the gradient of their sum is the gradient of each.
    /// </summary>
    protected abstract Expr Formula();

    /// <summary>The numbers that all versions work on.</summary>
    protected abstract Point<double> MakePoint();
}
