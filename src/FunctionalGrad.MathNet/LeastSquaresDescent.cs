using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace FunctionalGrad.Solvers;

/// <summary>
/// The descent of one fit: where it stands, the residuals and the Jacobian there. It lives as long as the call that made it.
/// </summary>
internal sealed class LeastSquaresDescent
{
    // A step that moves no parameter by more than this part of it is at the end of double precision.
    private const double Still = 1e-15;

    // Where the part of the residuals that a step can still take away is this small against them, the minimum is reached.
    private const double Orthogonal = 1e-10;

    // The lengths of the Jacobian's columns against the longest that they had on the way.
    private const double Unfelt = 1e-8;

    private static readonly double[] FirstDampings = [1e-3, 1e2, 1e5];

    private readonly SparseJacobian<double> _compiled;
    private readonly Packing _packing;
    private Matrix<double> _jacobian;
    private Vector<double> _scales;

    public LeastSquaresDescent(Expr residuals, Packing packing, Vector<double> start)
    {
        _packing = packing;
        if (packing.NotFinite(start, "") is { } place)
        {
            throw new ArgumentException($"least squares: in the start, {place}; begin at finite numbers", nameof(start));
        }

        _compiled = residuals.CompileSparseJacobian<double>(packing.Variables.AsSpan());
        At = start;
        (Residuals, _jacobian) = Evaluate(start);
        _scales = Norms(_jacobian);
        RequireFinite();
    }

    public Vector<double> At { get; private set; }

    public Vector<double> Residuals { get; private set; }

    public int Iterations { get; private set; }

    public double SumOfSquares => Residuals.DotProduct(Residuals);

    /// <summary>
    /// Levenberg–Marquardt from the start. A first step that is too long may throw a parameter to where the residuals no
    /// longer feel it, and that plain has no way back: then it begins again with shorter steps.
    /// </summary>
    public void Descend(int maximumIterations)
    {
        var start = (At, Residuals, _jacobian, _scales);
        foreach (var damping in FirstDampings)
        {
            (At, Residuals, _jacobian, _scales) = start;
            Descend(damping, maximumIterations);
            if (Lost() < 0)
            {
                return;
            }
        }

        throw NoMinimum($"{_packing.NameOf(Lost())} ran away to where the residuals no longer depend on it");
    }

    // Damped steps, in parameters that are scaled by the columns of the Jacobian.
    private void Descend(double damping, int maximumIterations)
    {
        var growth = 2.0;
        for (; Iterations < maximumIterations; Iterations++)
        {
            if (SumOfSquares == 0)
            {
                return;
            }

            _scales = _scales.PointwiseMaximum(Norms(_jacobian));
            var scaled = Scaled(_jacobian, _scales);
            var step = Damped(scaled, damping);
            var moved = scaled * step;
            var promised = moved.DotProduct(moved) + (2 * damping * step.DotProduct(step));
            var trial = At + step.PointwiseDivide(_scales);
            var (residuals, jacobian) = Evaluate(trial);
            var gain = (SumOfSquares - residuals.DotProduct(residuals)) / promised;
            var isUsable = gain > 0 && jacobian.Enumerate().All(double.IsFinite);
            var isStill = step.L2Norm() <= Still * At.PointwiseMultiply(_scales).L2Norm();
            if (isUsable)
            {
                (At, Residuals, _jacobian) = (trial, residuals, jacobian);
                damping = Math.Max(damping * Math.Max(1.0 / 3, 1 - Math.Pow((2 * gain) - 1, 3)), 1e-20);
                growth = 2;
            }
            else
            {
                damping *= growth;
                growth *= 2;
            }

            if (isStill || (isUsable && Offset() <= Orthogonal))
            {
                return;
            }
        }

        throw NoMinimum("there were no more iterations");
    }

    /// <summary>Gauss–Newton steps for as long as they get shorter: near the minimum they converge by themselves.</summary>
    public void Polish()
    {
        var last = double.PositiveInfinity;
        for (var i = 0; i < 500; i++)
        {
            var scales = Norms(_jacobian);
            var (qr, _) = Decompose(scales);
            var step = qr.Solve(-Residuals);
            var length = step.L2Norm();
            if (!(length < 0.9 * last) || length <= 1e-17 * At.PointwiseMultiply(scales).L2Norm())
            {
                return;
            }

            var trial = At + step.PointwiseDivide(scales);
            var (residuals, jacobian) = Evaluate(trial);

            // At the minimum the sum of squares is flat to its last digits, the parameters are not: rounding may raise it.
            if (!(residuals.DotProduct(residuals) <= SumOfSquares * (1 + 1e-12)) || !jacobian.Enumerate().All(double.IsFinite))
            {
                return;
            }

            (At, Residuals, _jacobian, last) = (trial, residuals, jacobian, length);
            Iterations++;
        }
    }

    /// <summary>R of the decomposition QR of the Jacobian with columns of length 1, and the lengths that they had.</summary>
    public (Matrix<double> Factor, Vector<double> Scales) Factor()
    {
        var scales = Norms(_jacobian);
        return (Decompose(scales).R, scales);
    }

    /// <summary>A parameter that the residuals no longer depend on; negative where there is none.</summary>
    private int Lost()
    {
        var norms = _jacobian.ColumnNorms(2);
        for (var i = 0; i < norms.Count; i++)
        {
            if (norms[i] <= Unfelt * _scales[i])
            {
                return i;
            }
        }

        return -1;
    }

    private NoConvergenceException NoMinimum(string because)
    {
        var gradient = _jacobian.TransposeThisAndMultiply(Residuals).L2Norm();
        return new(
            string.Create(CultureInfo.InvariantCulture, $"least squares: no minimum after {Iterations} iterations: {because}; Σr² = {SumOfSquares:g6}, and half its gradient has norm {gradient:g6} at {_packing.ToPoint(At)}; ")
            + "begin nearer, allow more iterations, or write the model with fewer parameters",
            Iterations,
            gradient);
    }

    private static Matrix<double> Scaled(Matrix<double> jacobian, Vector<double> scales) =>
        jacobian.MapIndexed((_, column, entry) => entry / scales[column], Zeros.Include);

    private static Vector<double> Norms(Matrix<double> jacobian) => jacobian.ColumnNorms(2).Map(norm => norm > 0 ? norm : 1);

    /// <summary>The least-squares solution q of J·q = −r together with √λ·q = 0.</summary>
    private Vector<double> Damped(Matrix<double> scaled, double damping)
    {
        var count = scaled.ColumnCount;
        var stacked = scaled.Stack(Matrix<double>.Build.DenseIdentity(count) * Math.Sqrt(damping));
        var right = Vector<double>.Build.Dense(scaled.RowCount + count);
        right.SetSubVector(0, scaled.RowCount, -Residuals);
        return stacked.QR(QRMethod.Thin).Solve(right);
    }

    /// <summary>What part of the residuals lies in the range of the Jacobian: 0 at the minimum, whatever the units.</summary>
    private double Offset()
    {
        var q = Scaled(_jacobian, Norms(_jacobian)).QR(QRMethod.Thin).Q;
        return q.TransposeThisAndMultiply(Residuals).L2Norm() / Residuals.L2Norm();
    }

    private (QR<double> Decomposition, Matrix<double> R) Decompose(Vector<double> scales)
    {
        var qr = Scaled(_jacobian, scales).QR(QRMethod.Thin);
        for (var i = 0; i < qr.R.ColumnCount; i++)
        {
            if (!(Math.Abs(qr.R[i, i]) > 1e-14))
            {
                throw new NoConvergenceException(
                    $"least squares: the residuals do not tell {_packing.NameOf(i)} from the parameters before it, at {_packing.ToPoint(At)}; "
                    + "leave it out, fix it, or observe where it makes a difference",
                    Iterations,
                    _jacobian.TransposeThisAndMultiply(Residuals).L2Norm());
            }
        }

        return (qr, qr.R);
    }

    private (Vector<double> Residuals, Matrix<double> Jacobian) Evaluate(Vector<double> at)
    {
        var (value, jacobian) = _compiled.Invoke(_packing.ToPoint(at));
        return (value.ToVector(), jacobian.ToDense().ToMatrix());
    }

    private void RequireFinite()
    {
        for (var i = 0; i < Residuals.Count; i++)
        {
            if (!double.IsFinite(Residuals[i]))
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture, $"least squares: at the start, residual {i} is {Residuals[i]}; begin where all residuals are finite"));
            }

            if (_packing.NotFinite(_jacobian.Row(i), $"the derivative of residual {i} by ") is { } problem)
            {
                throw new ArgumentException($"least squares: at the start, {problem}; begin where all derivatives are finite");
            }
        }
    }
}
