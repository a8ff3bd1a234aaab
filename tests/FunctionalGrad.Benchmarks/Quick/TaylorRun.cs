using System.Diagnostics;
using System.Globalization;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Benchmarks;

/// <summary>Derivatives 0 … n of one function by Taylor mode and by nesting: nodes, time to build, time to evaluate.</summary>
internal static class TaylorRun
{
    // Beyond this nesting takes longer than anyone waits.
    private const int MostNodes = 1_000_000;
    private const int Rounds = 5;

    /// <summary>Prints a line for each order from 2 to 10.</summary>
    public static void Print()
    {
        var table = new Table("sin(eˣ)·x/(1 + x²)", "Taylor nodes", "nested nodes", "Taylor build ms", "nested build ms", "Taylor run µs", "nested run µs", "÷ nested", "difference");
        var x = Variable("x");
        var at = Point.Of((x, 0.7));
        Expr F(Expr y) => Sin(Exp(y)) * y / (1 + (y * y));
        var nestedNodes = 0;
        for (var order = 2; order <= 10; order++)
        {
            var n = order;
            table.Line($"order {order}", () =>
            {
                var (taylor, taylorBuild) = Timed(() => Differentiate.Taylor(F, n)(x).ToArray());
                var taylorRun = Timed(() => Interpreter<double>.Evaluate(taylor, at));
                if (nestedNodes > MostNodes / 3)
                {
                    return [Nodes(taylor), "–", Number(taylorBuild * 1e3), "–", Number(taylorRun.Seconds * 1e6), "–", "–", "–"];
                }

                var (nested, nestedBuild) = Timed(() => Nested(F, n, x));
                nestedNodes = TopologicalOrder.Of(nested).Count;
                var nestedRun = Timed(() => Interpreter<double>.Evaluate(nested, at));
                var difference = taylorRun.Value.Zip(nestedRun.Value, (a, b) => Math.Abs(a.ToScalar() - b.ToScalar()) / Math.Max(1, Math.Abs(b.ToScalar()))).Max();
                return
                [
                    Nodes(taylor), Nodes(nested), Number(taylorBuild * 1e3), Number(nestedBuild * 1e3), Number(taylorRun.Seconds * 1e6), Number(nestedRun.Seconds * 1e6),
                    Number(taylorRun.Seconds / nestedRun.Seconds), difference.ToString("0e+0", CultureInfo.InvariantCulture),
                ];
            });
        }
    }

    private static Expr[] Nested(Func<Expr, Expr> function, int order, Variable x)
    {
        // Each derivative from the one before: as few nodes as nesting can make.
        var derivatives = new Expr[order + 1];
        derivatives[0] = function(x);
        for (var k = 1; k <= order; k++)
        {
            derivatives[k] = derivatives[k - 1].Pushforward(GradientMap<Expr>.Of((x, 1)));
        }

        return [.. derivatives.Simplify().AsSpan().ShareCommonSubexpressions()];
    }

    private static (TResult Value, double Seconds) Timed<TResult>(Func<TResult> work)
    {
        var (value, least) = (default(TResult)!, double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            value = work();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return (value, least);
    }

    private static string Nodes(Expr[] results) => TopologicalOrder.Of(results).Count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture);
}
