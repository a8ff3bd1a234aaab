using System.Text.Json.Nodes;
using FunctionalGrad.Tests.Architecture;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace FunctionalGrad.Tests.Samples;

/// <summary>The tool of GradBench gives what the suite's own golden answers say, and errors where it is asked for what cannot be.</summary>
public sealed class GradBenchTests
{
    // Of the largest golden number; what the suite computed is right to about as much.
    private const double Strict = 1e-9;
    private const double Usual = 1e-8;

    [Fact]
    public void Cases_that_come_with_the_tests_are_right()
    {
        using var tool = new GradBenchTool();
        Assert.Equal("functionalgrad", tool.Ask(new JsonObject { ["kind"] = "start", ["eval"] = "all" })["tool"]!.ToString());
        foreach (var file in Directory.GetFiles(Repository.At("tests", "oracles", "gradbench")).Order(StringComparer.Ordinal))
        {
            Play(tool, file);
        }

        tool.End();
    }

    [Theory]
    [InlineData("ba__ba1_n49_m7776_p31843")]
    [InlineData("ht__simple_small__hand1_t26_c100")]
    [InlineData("ht__complicated_small__hand1_t26_c100")]
    [InlineData("kmeans__k10_n1000_d8")]
    [InlineData("lstm__l2_c1024")]
    [InlineData("ode__n1000_s10")]
    [InlineData("particle__all")]
    [InlineData("saddle__all")]
    public void Cases_of_the_suite_are_right(string name)
    {
        var file = Oracle.Shared("gradbench", "cases", name + ".jsonl");
        using var tool = new GradBenchTool();
        Play(tool, file);
    }

    [Fact]
    public void All_cores_give_the_same_bits()
    {
        var file = Repository.At("tests", "oracles", "gradbench", "gmm__2_5_1000.jsonl");
        var message = JsonNode.Parse(File.ReadLines(file).Last())!["message"]!;
        using var one = new GradBenchTool();
        using var all = new GradBenchTool("--multithreaded");
        Assert.Equal(one.Numbers("gmm", "jacobian", message["input"]!), all.Numbers("gmm", "jacobian", message["input"]!));
    }

    [Fact]
    public void The_particle_and_the_saddle_are_found_in_all_four_modes()
    {
        using var tool = new GradBenchTool();
        foreach (var modes in (string[])["ff", "fr", "rf", "rr"])
        {
            Near([0.2071918746486116], tool.Numbers("particle", modes, new JsonObject { ["w"] = 0.0 }), Strict);
            var start = new JsonObject { ["start"] = new JsonArray(1.0, 1.0) };
            Near(Enumerable.Repeat(8.246324826140356e-06, 4), tool.Numbers("saddle", modes, start), Strict);
        }
    }

    [Fact]
    public void A_newton_step_of_kmeans_leads_to_the_means()
    {
        double[][] points = [[0, 0], [0, 2], [5, 5], [7, 5], [6, 8]];
        double[][] centroids = [[1, 1], [6, 5]];
        using var tool = new GradBenchTool();
        var input = new JsonObject { ["points"] = Rows(points), ["centroids"] = Rows(centroids) };
        Near([1 + 1 + 1 + 1 + 1 + 1 + 9], tool.Numbers("kmeans", "cost", input.DeepClone()), Strict);
        Near([1, 0, 0, -1], tool.Numbers("kmeans", "dir", input.DeepClone()), Strict);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void Minors_agree_with_elimination(int l)
    {
        var random = new Random(l);
        var a = Matrix<double>.Build.Dense(l, l, (_, _) => random.NextDouble());
        using var tool = new GradBenchTool();
        var input = new JsonObject { ["A"] = Row(a.ToRowMajorArray()), ["ell"] = l };
        Near([a.Determinant()], tool.Numbers("det", "primal", input.DeepClone()), Strict);
        Near((a.Determinant() * a.Inverse().Transpose()).ToRowMajorArray(), tool.Numbers("det", "gradient", input.DeepClone()), Strict);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bundle_adjustment_agrees_with_finite_differences(bool turns)
    {
        double[] camera = [turns ? 0.1 : 0, turns ? -0.2 : 0, turns ? 0.3 : 0, 0.5, -0.3, 0.2, 1.5, 0.1, -0.2, 0.05, -0.02];
        using var tool = new GradBenchTool();
        double[] at = [.. camera, 0.4, -0.6, 2.5, 0.8];
        var output = tool.Evaluate("ba", "jacobian", Scene(at))["output"]!;
        double[] values = [.. GradBenchTool.NumbersIn(output["vals"]!)];
        for (var j = 0; j < at.Length; j++)
        {
            // Off zero a turn of its own branch begins.
            if (turns || j > 2)
            {
                var slopes = Slopes(at, j, moved => tool.Numbers("ba", "objective", Scene(moved)));
                Near([slopes[0], slopes[1]], [values[j], values[15 + j]], 1e-6);
            }
        }

        Assert.Equal(30 + 1, values.Length);
        Near([-1.6], [values[30]], Strict);
        Assert.Equal([0, 15, 30, 31, 31], GradBenchTool.NumbersIn(output["rows"]!));
        Assert.Equal([.. Enumerable.Range(0, 15), .. Enumerable.Range(0, 15), 14], GradBenchTool.NumbersIn(output["cols"]!));

        static JsonObject Scene(double[] at) => new()
        {
            ["n"] = 1,
            ["m"] = 1,
            ["p"] = 1,
            ["cam"] = Row(at[..11]),
            ["x"] = Row(at[11..14]),
            ["w"] = at[14],
            ["feat"] = Row([0.3, 0.4]),
        };
    }

    [Fact]
    public void The_memory_of_lstm_cells_agrees_with_plain_loops_and_finite_differences()
    {
        var (layers, bits) = (2, 3);
        var random = new Random(1);
        double[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
        var (parameters, state) = (Some((8 * layers * bits) + (3 * bits)), Some(2 * layers * bits));
        double[] sequence = [.. Enumerable.Range(0, 5 * bits).Select(i => (double)((i * i / 2) % 2))];
        using var tool = new GradBenchTool();
        Near([LstmByLoops.Loss(parameters, state, sequence, layers, bits)], Loss(parameters), 1e-12);
        var gradient = tool.Numbers("lstm", "jacobian", Input(parameters));
        for (var j = 0; j < parameters.Length; j++)
        {
            Near([Slopes(parameters, j, Loss)[0]], [gradient[j]], 1e-5);
        }

        double[] Loss(double[] at) => tool.Numbers("lstm", "objective", Input(at));

        JsonObject Input(double[] at) => new()
        {
            ["main_params"] = Rows([.. at[..(8 * layers * bits)].Chunk(4 * bits)]),
            ["extra_params"] = Rows([.. at[(8 * layers * bits)..].Chunk(bits)]),
            ["state"] = Rows([.. state.Chunk(bits)]),
            ["sequence"] = Rows([.. sequence.Chunk(bits)]),
        };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hand_agrees_with_finite_differences(bool complicated)
    {
        var hand = new SmallHand(complicated);
        using var tool = new GradBenchTool();
        var columns = complicated ? 28 : 26;
        var jacobian = tool.Numbers("ht", "jacobian", hand.Input(hand.Pose, hand.Places));
        for (var j = 0; j < 26; j++)
        {
            var slopes = Slopes(hand.Pose, j, pose => tool.Numbers("ht", "objective", hand.Input(pose, hand.Places)));
            Near(slopes, Column(columns - 26 + j), 1e-6);
        }

        for (var u = 0; complicated && u < 2; u++)
        {
            var slopes = Slopes([0], 0, by => tool.Numbers("ht", "objective", hand.Input(hand.Pose, hand.Moved(u, by[0]))));
            Near(slopes, Column(u), 1e-6);
        }

        // Bones that turn nothing leave the surface where it is, and the whole only moves.
        double[] still = [0, 0, 0, 0.5, -1, 2, .. new double[20]];
        Near(hand.ErrorsOfStillBones(still[3..6]), tool.Numbers("ht", "objective", hand.WithStillBones(still)), 1e-12);

        IEnumerable<double> Column(int column) => jacobian.Where((_, i) => i % columns == column);
    }

    [Fact]
    public void What_cannot_be_is_an_error_that_says_why_and_the_session_goes_on()
    {
        using var tool = new GradBenchTool();
        Assert.Contains("not JSON", tool.Say("{\"id\": 7, ")["error"]!.ToString());
        Assert.Contains("JSON object", tool.Say("[1]")["error"]!.ToString());
        Assert.False(tool.Ask(new JsonObject { ["kind"] = "define", ["module"] = "sudoku" })["success"]!.GetValue<bool>());
        Assert.True(tool.Ask(new JsonObject { ["kind"] = "define", ["module"] = "lse" })["success"]!.GetValue<bool>());
        Assert.Contains("there is no module sudoku", tool.Error("sudoku", "solve", 1));
        Assert.Contains("it has primal, gradient", tool.Error("lse", "hessian", new JsonObject()));
        Assert.Contains("x is missing", tool.Error("lse", "primal", new JsonObject()));
        Assert.Contains("x has shape [1, 2] and should have [any]", tool.Error("lse", "primal", new JsonObject { ["x"] = Rows([[1, 2]]) }));
        Assert.Contains("a row has 1 entries and another one 2", tool.Error("kmeans", "cost", new JsonObject { ["points"] = Rows([[1, 2], [3]]) }));
        Assert.Contains("n is 1 and should be a whole number from 2", tool.Error("llsq", "primal", new JsonObject { ["x"] = Row([1]), ["n"] = 1 }));
        Assert.Contains("an infinity", tool.Error("hello", "square", 1e200));
        Assert.Contains("beyond double precision", tool.Say("""{"id": 1, "kind": "evaluate", "module": "hello", "function": "square", "input": 1e999}""")["error"]!.ToString());
        Assert.Equal([9], tool.Numbers("hello", "square", 3));
        Assert.Equal(2, tool.Ask(new JsonObject { ["kind"] = "analysis", ["of"] = 1, ["valid"] = true }).AsObject().Count + 1);
        tool.End();
    }

    private static void Play(GradBenchTool tool, string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            var played = JsonNode.Parse(line)!;
            var message = played["message"]!;
            var numbers = tool.Numbers(message["module"]!.ToString(), message["function"]!.ToString(), message["input"]!);
            Near(GradBenchTool.NumbersIn(played["golden"]!), numbers, Path.GetFileName(file).StartsWith("strict", StringComparison.Ordinal) ? Strict : Usual);
        }
    }

    // Relative to the largest.
    private static void Near(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance)
    {
        double[] wanted = [.. expected];
        double[] got = [.. actual];
        Assert.Equal(wanted.Length, got.Length);
        var largest = wanted.Max(Math.Abs);
        for (var i = 0; i < wanted.Length; i++)
        {
            Assert.True(Math.Abs(wanted[i] - got[i]) <= tolerance * largest, $"number {i} is {got[i]:R} and should be {wanted[i]:R}");
        }
    }

    private static double[] Slopes(double[] at, int j, Func<double[], double[]> function)
    {
        const double step = 1e-5;
        double[] up = [.. at];
        double[] down = [.. at];
        (up[j], down[j]) = (at[j] + step, at[j] - step);
        return [.. function(up).Zip(function(down), (high, low) => (high - low) / (2 * step))];
    }

    private static JsonArray Row(IEnumerable<double> numbers) => [.. numbers.Select(number => JsonValue.Create(number))];

    private static JsonArray Rows(double[][] rows) => [.. rows.Select(Row)];
}
