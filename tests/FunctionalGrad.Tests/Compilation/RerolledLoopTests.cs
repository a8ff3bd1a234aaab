using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>What a program wrote out step by step is compiled as the loop that it was, with the interpreter's bits.</summary>
public sealed class RerolledLoopTests
{
    private const int Many = 1000;

    [Fact]
    public void A_state_of_a_number_goes_through_a_loop()
    {
        var (rate, start) = (Variable("r"), Variable("y"));
        Expr y = start;
        for (var k = 0; k < Many; k++)
        {
            y += rate * y * (1 - y) * 1e-3;
        }

        IsLoop([y, .. y.Gradient(rate, start).Values], Point.Of((rate, 1.5), (start, 0.1)));
    }

    [Fact]
    public void Second_derivatives_go_through_loops_too()
    {
        var (rate, start) = (Variable("r"), Variable("y"));
        Expr y = start;
        for (var k = 0; k < Many; k++)
        {
            y += rate * y * (1 - y) * 1e-3;
        }

        var slope = y.Gradient(start)[start];
        IsLoop([y, slope, .. slope.Gradient(rate, start).Values], Point.Of((rate, 1.5), (start, 0.1)));
    }

    [Fact]
    public void A_state_of_several_numbers_keeps_its_sums()
    {
        var (start, a) = (Variable("y", [3]), Variable("a"));
        Expr y = start;
        for (var k = 0; k < Many; k++)
        {
            y += 1e-3 * ((y * y) - (a * y) + y.Sum());
        }

        // The sums of a gradient by all lanes are within rounding alone.
        Expr[] both = [y, .. y.Sum().Gradient(start, a).Values];
        Same(both, Point.Of((start, Tensor.Of(0.1, 0.2, -0.3)), (a, Tensor.Scalar(0.5))));
        RequireLoop(both);
    }

    [Fact]
    public void Steps_may_reach_back_over_several()
    {
        var (x, w) = (Variable("x"), Variable("w"));
        List<Expr> values = [x, 2 * x, x * x, 1 - x];
        for (var k = 0; k < Many; k++)
        {
            values.Add((0.25 * (w * values[^1])) + (0.25 * values[^2] * values[^4]) - 0.125);
        }

        IsLoop([values[^1], values[^3], .. values[^1].Gradient(x, w).Values], Point.Of((x, 0.75), (w, 0.5)));
    }

    [Fact]
    public void Steps_may_read_numbers_and_entries_of_their_own()
    {
        var x = Variable("x", [Many]);
        Expr sum = 0;
        Expr product = 1;
        for (var k = 0; k < Many; k++)
        {
            product = (0.5 * product) + ((k / 7.0) * x.At(k));
            sum += product.Square() * x.At(Many - 1 - k);
        }

        IsLoop([sum, sum.Gradient(x)[x]], Point.Of((x, Tensor.Generate([Many], k => Math.Sin(k)))));
    }

    [Fact]
    public void Steps_may_read_the_rows_of_a_matrix()
    {
        var x = Variable("x", [300, 2]);
        Expr state = Tensor.Of(0.1, 0.2);
        for (var k = 0; k < 300; k++)
        {
            state = (0.5 * state) + (x.At(k) * state.At(1)) - x.At(k).At(0);
        }

        var at = Point.Of((x, Tensor.Generate([300, 2], k => 0.25 * Math.Sin(k))));
        IsLoop([state], at);
        Same([state, state.Sum().Gradient(x)[x]], at);
    }

    [Fact]
    public void Loops_within_steps_are_steps()
    {
        var x = Variable("x", [5]);
        var values = Enumerable.Range(0, 5).Select(i => x.At(i)).ToArray();
        for (var k = 0; k < 300; k++)
        {
            for (var i = 0; i < 5; i++)
            {
                values[i] = values[i] + (0.01 * (values[(i + 1) % 5] - (values[i] * values[(i + 4) % 5])));
            }
        }

        IsLoop([.. values, values[0].Gradient(x)[x]], Point.Of((x, Tensor.Of(0.1, 0.2, 0.3, 0.4, 0.5))));
    }

    [Fact]
    public void Steps_that_differ_stay_between_loops()
    {
        var x = Variable("x");
        Expr y = x;
        var kept = new List<Expr>();
        for (var k = 0; k < 2 * Many; k++)
        {
            y = k == Many ? Exp(-y) : (0.75 * y) + (x * y * 0.125);
            if (k % 333 == 0)
            {
                kept.Add(y);
            }
        }

        IsLoop([y, .. kept, y.Gradient(x)[x]], Point.Of((x, 0.5)));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(50)]
    [InlineData(400)]
    public void What_steps_do_for_themselves_is_done_at_once(int joints)
    {
        var angles = Variable("θ", [joints]);
        Expr x = 0.25, y = 0.5, angle = 0;
        for (var i = 0; i < joints; i++)
        {
            angle += angles.At(i);
            x += 1.0 / (i + 1) * Cos(angle);
            y += 1.0 / (i + 1) * Sin(angle);
        }

        var distance = Sqrt(x.Square() + y.Square());
        var at = Point.Of((angles, Tensor.Generate([joints], k => 0.125 * k % 0.7)));
        Expr[] both = [distance, distance.Gradient(angles)[angles]];
        Same(both, at);
        if (joints > 17)
        {
            Assert.Matches(@"loop \d\d+ \{ t0 = cos", both.Compile<double>().ToString());
        }
    }

    [Fact]
    public void Random_steps_agree()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var (x, w) = (Variable("x"), Variable("w", [400]));
            Expr[] state = [x, x * 2, 1 - x];
            var choices = Enumerable.Range(0, 6).Select(_ => (Kind: random.Next(8), A: random.Next(3), B: random.Next(3), Into: random.Next(3))).ToArray();
            for (var k = 0; k < 400; k++)
            {
                foreach (var (kind, a, b, into) in choices)
                {
                    state[into] = kind switch
                    {
                        0 => 0.5 * (state[a] + state[b]),
                        1 => state[a] - (0.25 * state[b]),
                        2 => 0.5 * state[a] * state[b],
                        3 => Maximum(state[a], 0.5 * state[b]),
                        4 => 0.5 * Sin(state[a]),
                        5 => (0.25 * w.At(k)) + (0.5 * state[a]),
                        6 => 0.5 * (w.At(k) * (k % 5)) * state[b],
                        _ => Tanh(w.At(399 - k)) - (0.5 * state[a]),
                    };
                }
            }

            var result = state[0] + state[1] + state[2];
            Same([result, .. result.Gradient(x, w).Values], Point.Of((x, Tensor.Scalar(0.5)), (w, Tensor.Generate([400], k => Math.Cos(k + seed)))));
        }
    }

    // Operations on numbers alone, so every bit is that of the interpreter; sines differ by their kernels alone.
    private static void IsLoop(Expr[] expressions, Point<double> at)
    {
        Assert.Empty(Agreement.Differences(expressions, at, 0));
        Assert.Empty(Agreement.Differences(expressions, at.To<float>(), 0));
        RequireLoop(expressions);
    }

    private static void RequireLoop(Expr[] expressions)
    {
        var program = expressions.Compile<double>().ToString();
        Assert.Matches(@"(fold|scan)\(steps: \d+", program);
        Assert.True(program.Length < 400_000, $"the program is {program.Length} characters long");
    }

    private static void Same(Expr[] expressions, Point<double> at)
    {
        Assert.Empty(Agreement.Differences(expressions, at, 1e-12));
        Assert.Empty(Agreement.Differences(expressions, at.To<float>(), 1e-4));
    }
}
