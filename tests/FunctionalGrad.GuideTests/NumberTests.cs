using System.Text.Json;
using FunctionalGrad.Learning;
using FunctionalGrad.Samples.MicroGpt;
using FunctionalGrad.Tests.Architecture;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.GuideTests;

/// <summary>Stepping to the end of a page gives the library's numbers.</summary>
public sealed class NumberTests(Guide guide)
{
    // What the boxes of the graph show, by the node's place in the order; empty where a node has no box or no number.
    private const string Boxes =
        """
        () => lab.state.graph.nodes.map(node => {
          const box = [...document.querySelectorAll(".node")].find(each => each.dataset.node === node.name);
          return ["value", "adjoint"].map(kind => box?.querySelector(`text.${kind}`)?.dataset.number ?? "");
        })
        """;

    [Theory]
    [InlineData("1", false)]
    [InlineData("2", false)]
    [InlineData("3", true)]
    [InlineData("4", true)]
    [InlineData("6", true)]
    public async Task The_graph_ends_with_the_trace_of_the_library(string name, bool adjoints)
    {
        await using var page = await guide.Open(name);
        await page.Press("End");
        var trace = (await page.Data()).GetProperty("runs")[0].GetProperty("trace");
        var shown = await page.Ask<string[][]>(Boxes);
        var nodes = trace.GetProperty("nodes").EnumerateArray().ToArray();
        Assert.Equal(nodes.Length, shown.Length);
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].GetProperty("kind").GetString() != "constant")
            {
                Near(nodes[i].GetProperty("value").GetDouble(), OpenPage.Parsed(shown[i][0]));
            }
        }

        foreach (var step in trace.GetProperty("steps").EnumerateArray().Where(_ => adjoints))
        {
            Near(step.GetProperty("value").GetDouble(), OpenPage.Parsed(shown[step.GetProperty("node").GetInt32()][1]));
        }

        Assert.Contains("run of the library", await page.Page.Locator(".origin").TextContentAsync());
        Assert.NotEqual("", await page.Page.Locator("[role=status]").TextContentAsync());
    }

    [Fact]
    public async Task Numbers_are_put_in_on_demand()
    {
        await using var page = await guide.Open("4");
        await page.Press("End");
        Assert.Equal("a = b + b = 4", await page.Page.Locator(".line").TextContentAsync());
        await page.Page.Locator(".toggle").ClickAsync();
        Assert.Equal("a = 2 + 2 = 4", await page.Page.Locator(".line").TextContentAsync());
    }

    [Fact]
    public async Task The_partials_of_the_table_are_the_librarys()
    {
        await using var page = await guide.Open("2");
        var x = Variable("x");
        var y = Variable("y");
        foreach (var (button, expression) in new (string, Expr)[] { ("tanh", Tanh(x)), ("log", Log(x)), ("max", Maximum(x, y)), ("erf", Erf(x)), ("lgamma", LogGamma(x)), ("atan2", Atan2(x, y)) })
        {
            await page.Page.Locator("#table button", new() { HasTextRegex = new($"^{button}$") }).ClickAsync();
            var at = Point.Of((x, await Input("x")), (y, expression.Gradient().ContainsKey(y) ? await Input("y") : 0));
            Near(expression.Evaluate(at).ToScalar(), await page.Number("#rule .value"));
            Near(expression.Gradient(x)[x].Evaluate(at).ToScalar(), await page.Number("[data-partial=x]"));
        }

        async Task<double> Input(string name) => OpenPage.Parsed((await page.Page.Locator($"#where [data-input={name}]").InputValueAsync()).Replace('−', '-'));
    }

    [Fact]
    public async Task The_maps_of_two_examples_and_their_sum_are_the_librarys()
    {
        await using var page = await guide.Open("5");
        await page.Press("End");
        var (w, b) = (Variable("w"), Variable("b"));
        var at = Point.Of((w, 0.5), (b, 0.0));
        Expr first = ((w * 1) + b - 2).Square();
        Expr second = ((w * 3) + b - 1).Square();
        foreach (var (caption, loss) in new[] { ("first example", first), ("second example", second), ("first + second", first + second), ("the batch, differentiated whole", first + second) })
        {
            var map = await page.Map(caption);
            var gradient = loss.Gradient(w, b).Evaluate(at);
            Assert.Equal(2, map.Count);
            Near(gradient[w].ToScalar(), map["w"]);
            Near(gradient[b].ToScalar(), map["b"]);
        }
    }

    [Fact]
    public async Task Every_state_of_the_moons_shows_the_loss_and_accuracy_of_the_published_run()
    {
        await using var page = await guide.Open("7");
        var oracle = JsonSerializer.Deserialize<double[][]>(await File.ReadAllTextAsync(Repository.At("tests", "oracles", "moons.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(100, await page.Ask<int>("() => lab.stepping.last"));
        foreach (var row in oracle.Where(row => (int)row[0] % 20 == 0))
        {
            await page.Ask<object>("k => void lab.stepping.go(k)", (int)row[0]);
            Assert.Equal(row[1], await page.Number("#loss"), 1e-9 * Math.Abs(row[1]));
            Assert.Equal(row[2], await page.Number("#accuracy"));
        }
    }

    // Against another way to the same numbers: the run again, and a compiled gradient of the step's loss.
    [Fact]
    public async Task The_last_adjoints_of_the_gpt_are_its_gradient()
    {
        await using var page = await guide.Open("8");
        var data = await page.Data();
        var (step, name) = (data.GetProperty("step").GetInt32(), data.GetProperty("name").GetString()!);
        var stage = (Gpt)Stages.Named("microgpt");
        var names = NameList.Embedded();
        var learned = Experiment.Begin<double>(stage, names, 1000, 42, pause: k => k == step).Training.First(each => each.Step == step);
        var letters = Alphabet.Encode(name);
        var batch = TextBatch.Variables(1, TextBatch.PaddedPositions(letters.Length - 1, names.Max(other => other.Length) + 1));
        var at = learned.State.Point.With(batch.PointOf<double>(letters));
        var compiled = stage.LossOf(batch).CompileWithGradient<double>(stage.Parameters.AsSpan()).Invoke(at);
        Assert.Equal(data.GetProperty("losses")[step].GetDouble(), compiled.Value, 1e-4);

        var graph = data.GetProperty("graph").EnumerateArray().ToArray();
        foreach (var parameter in stage.Parameters)
        {
            var node = graph.Single(each => each.GetProperty("variable").GetBoolean() && each.GetProperty("label").GetString() == parameter.Name.Trim() && each.GetProperty("step").ValueKind == JsonValueKind.Number);
            await page.Ask<object>("k => void lab.stepping.go(k)", node.GetProperty("step").GetInt32() + 1);
            var norm = Math.Sqrt(compiled.Gradient[parameter].ToArray().Sum(x => x * x));
            Assert.Equal(norm, await page.Number("[data-norm=adjoint]"), 1e-4 * norm);
        }

        await page.Press("End");
        Assert.Equal(graph.Count(node => node.GetProperty("step").ValueKind == JsonValueKind.Number), await page.Ask<int>("() => document.querySelectorAll('.tile.known').length"));
        await page.Press("Home");
        Assert.Equal(0, await page.Ask<int>("() => document.querySelectorAll('.tile.known').length"));
    }

    [Fact]
    public async Task Derivatives_of_derivatives_are_the_librarys()
    {
        await using var page = await guide.Open("9");
        var derivative = (Expr x) => x * Sin(x);
        for (var order = 0; order <= 4; order++)
        {
            Near(derivative(1.0).Evaluate().ToScalar(), await page.Number("#text [data-number]"));
            derivative = Differentiate.Derivative(derivative);
            await page.Press("ArrowRight");
        }

        var entries = (await page.Data()).GetProperty("hessian").GetProperty("entries").EnumerateArray().ToArray();
        Assert.Equal(4, entries.Length);
        Assert.All(entries, entry => Near(entry.GetProperty("reverse").GetDouble(), entry.GetProperty("forward").GetDouble()));
    }

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-11 * Math.Max(1, Math.Abs(expected)));
}
