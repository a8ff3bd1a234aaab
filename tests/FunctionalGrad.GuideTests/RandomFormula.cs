using System.Globalization;

namespace FunctionalGrad.GuideTests;

/// <summary>A formula as the pages read it, and the same as an expression, drawn together from a seed.</summary>
internal sealed record RandomFormula(string Text, Expr Loss, Point<double> At)
{
    private const double Largest = 1e4;

    /// <summary>Formulas with finite values and gradients of moderate size, without end.</summary>
    public static IEnumerable<RandomFormula> From(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            var drawn = Draw(random);
            var (value, gradient) = drawn.Loss.ValueAndGradient(drawn.At);
            if (gradient.Count > 0 && Moderate(value) && gradient.Values.ToArray().All(Moderate))
            {
                yield return drawn;
            }
        }

        static bool Moderate(Tensor<double> number) => double.IsFinite(number.ToScalar()) && Math.Abs(number.ToScalar()) < Largest;
    }

    // Some definitions, each of which may use what was there before: so parts are shared.
    private static RandomFormula Draw(Random random)
    {
        var inputs = new[] { "x", "y", "z" }.Select(name => Expr.Variable(name)).ToArray();
        List<(string Text, Expr Value)> known = [.. inputs.Select(input => (input.Name, (Expr)input))];
        List<string> statements = [];
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var (text, value) = Part(random, known, 3);
            var name = $"u{statements.Count + 1}";
            statements.Add($"{name} = {text}");
            if (value is Application)
            {
                known.Add((name, value));
                known.Add((name, value));
            }
            else
            {
                statements.RemoveAt(statements.Count - 1);
            }
        }

        var (last, loss) = Part(random, known, 3);
        statements.Add(last);
        var at = Point.Of([.. inputs.Select(input => (input, Tensor.Scalar(Math.Round((random.NextDouble() * 4) - 2, 3))))]);
        return new(string.Join("; ", statements), loss, at);
    }

    private static (string Text, Expr Value) Part(Random random, List<(string Text, Expr Value)> known, int depth)
    {
        if (depth == 0 || random.Next(6) == 0)
        {
            return random.Next(5) == 0 ? Number(random) : known[random.Next(known.Count)];
        }

        var (a, x) = Part(random, known, depth - 1);
        if (random.Next(2) == 0)
        {
            var (b, y) = Part(random, known, depth - 1);
            return random.Next(8) switch
            {
                0 or 1 => ($"({a} + {b})", x + y),
                2 => ($"({a} - {b})", x - y),
                3 or 4 => ($"({a}) * ({b})", x * y),
                5 => ($"({a}) / (1.5 + ({b})^2)", x / (1.5 + y.Square())),
                6 => ($"max({a}, {b})", Expr.Maximum(x, y)),
                _ => ($"hypot({a}, {b})", Expr.Hypot(x, y)),
            };
        }

        var power = random.Next(2, 4);
        return random.Next(13) switch
        {
            0 => ($"sin({a})", Expr.Sin(x)),
            1 => ($"cos({a})", Expr.Cos(x)),
            2 => ($"tanh({a})", Expr.Tanh(x)),
            3 => ($"exp(-({a})^2)", Expr.Exp(-x.Square())),
            4 => ($"sigmoid({a})", Expr.Logistic(x)),
            5 => ($"softplus({a})", Expr.Softplus(x)),
            6 => ($"relu({a})", Expr.Relu(x)),
            7 => ($"log1p(({a})^2)", Expr.Log1P(x.Square())),
            8 => ($"sqrt(0.5 + ({a})^2)", Expr.Sqrt(0.5 + x.Square())),
            9 => ($"atan({a})", Expr.Atan(x)),
            10 => ($"({a})^{power}", Expr.Pow(x, power)),
            11 => ($"(2 + sin({a}))^1.5", Expr.Pow(2 + Expr.Sin(x), Expr.Constant(1.5))),
            _ => ($"-erf({a})", -Expr.Erf(x)),
        };
    }

    private static (string Text, Expr Value) Number(Random random)
    {
        var number = Math.Round(random.NextDouble() * 3, 2) + 0.01;
        return (number.ToString(CultureInfo.InvariantCulture), number);
    }
}
