namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// The log-likelihood of points xᵢ under a mixture of Gaussians, with a Wishart prior. Component k has weight αₖ, mean μₖ and
/// the lower triangle Qₖ, whose diagonal is exp qₖ and which holds lₖ below it, column by column:
/// Σᵢ log Σₖ exp(αₖ + Σ qₖ − ½‖Qₖ·(xᵢ − μₖ)‖²) − n·log Σ exp α + log prior. By α, μ, q and l.
/// </summary>
internal static class GaussianMixture
{
    public static Problem Problem { get; } = new("gmm", ("objective", Objective), ("jacobian", Jacobian));

    private static Evaluation Objective(Argument input)
    {
        var mixture = new Mixture(input);
        return Evaluation.Of(mixture.LogLikelihood(), mixture.At);
    }

    private static Evaluation Jacobian(Argument input)
    {
        var mixture = new Mixture(input);
        var gradient = mixture.LogLikelihood().Gradient(mixture.Alpha, mixture.Mu, mixture.Q, mixture.L);
        return Evaluation.Of([.. gradient.Values], mixture.At, static (writer, results) =>
        {
            writer.WriteStartObject();
            writer.Tensor("alpha", results[0]);
            writer.Tensor("mu", results[1]);
            writer.Tensor("q", results[2]);
            writer.Tensor("l", results[3]);
            writer.WriteEndObject();
        });
    }

    private sealed class Mixture
    {
        private readonly int _d;
        private readonly int _k;
        private readonly int _n;
        private readonly Variable _x;
        private readonly Variable _gamma = Expr.Variable("γ");
        private readonly Variable _m = Expr.Variable("m");

        public Mixture(Argument input)
        {
            (_d, _k, _n) = (input["d"].Whole(least: 1), input["k"].Whole(least: 1), input["n"].Whole(least: 0));
            Alpha = Expr.Variable("α", [_k]);
            Mu = Expr.Variable("μ", [_k, _d]);
            Q = Expr.Variable("q", [_k, _d]);
            L = Expr.Variable("l", [_k, _d * (_d - 1) / 2]);
            _x = Expr.Variable("x", [_n, _d]);
            At = Point.Of(
                (_gamma, input["gamma"].Number()), (_m, input["m"].Number()),
                (_x, Given(_x, input["x"])), (Alpha, Given(Alpha, input["alpha"])), (Mu, Given(Mu, input["mu"])),
                (Q, Given(Q, input["q"])), (L, Given(L, input["l"])));
        }

        public Variable Alpha { get; }

        public Variable Mu { get; }

        public Variable Q { get; }

        public Variable L { get; }

        public Point<double> At { get; }

        public Expr LogLikelihood()
        {
            var differences = _x.Reshape([1, _n, _d]) - Mu.Reshape([_k, 1, _d]);
            var images = (differences * Expr.Exp(Q).Reshape([_k, 1, _d])) + differences.MatMul(BelowDiagonal().Transpose());
            var exponents = (Alpha + Q.Sum(1)).Reshape([_k, 1]) - (0.5 * images.Square().Sum(2));
            return (-0.5 * _n * _d * Math.Log(Math.Tau)) + LogSumExp(exponents).Sum() - (_n * LogSumExp(Alpha)) + LogPrior();
        }

        private static Tensor<double> Given(Variable variable, Argument argument) => argument.Tensor(variable.Shape.Extents);

        // Over the first axis.
        private static Expr LogSumExp(Expr x)
        {
            var greatest = x.Max(0);
            return greatest + Expr.Log(Expr.Exp(x - greatest).Sum(0));
        }

        // Entry (r, c) is number c·(2d − c − 1)/2 + r − c − 1 of those below the diagonal.
        private Expr BelowDiagonal()
        {
            Expr isBelow = Tensor.Generate([_d, _d], at => at / _d > at % _d ? 1.0 : 0.0);
            Expr places = Tensor.Generate([_d * _d], at => at / _d > at % _d ? Place(at / _d, at % _d) : 0.0);
            return _d == 1 ? Expr.Zeros([_k, 1, 1]) : Expr.Select(isBelow, L.Gather(places, 1).Reshape([_k, _d, _d]), 0);

            double Place(int r, int c) => (c * ((2 * _d) - c - 1) / 2) + r - c - 1;
        }

        private Expr LogPrior()
        {
            var nu = _d + _m + 1;
            var normaliser = nu * _d * (Expr.Log(_gamma) - (0.5 * Math.Log(2))) - LogGamma(0.5 * nu);
            var squares = Expr.Exp(Q).Square().Sum() + L.Square().Sum();
            return (_k * normaliser) - (0.5 * _gamma.Square() * squares) + (_m * Q.Sum());
        }

        // The multivariate one, of dimension d.
        private Expr LogGamma(Expr a)
        {
            Expr halves = Tensor.Generate([_d], j => -0.5 * j);
            return (0.25 * _d * (_d - 1) * Math.Log(Math.PI)) + Expr.LogGamma(a + halves).Sum();
        }
    }
}
