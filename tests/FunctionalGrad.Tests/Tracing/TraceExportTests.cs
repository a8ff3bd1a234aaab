using System.Text.Json;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Tracing;

public sealed class TraceExportTests
{
    private readonly Variable _x = Variable("x");

    [Fact]
    public void Json_holds_the_whole_pass()
    {
        using var json = JsonDocument.Parse((_x * 2).Square().TraceGradient(Point.Of((_x, 1.5))).ToJson());
        var root = json.RootElement;
        Assert.Equal("functionalgrad-trace-1", root.GetProperty("schema").GetString());
        var nodes = root.GetProperty("nodes").EnumerateArray().ToArray();
        Assert.Equal(["variable", "constant", "application", "application"], nodes.Select(node => node.GetProperty("kind").GetString()));
        Assert.Equal([0, 1], nodes[2].GetProperty("inputs").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal(9, nodes[3].GetProperty("value").GetDouble());
        var steps = root.GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal([3, 2, 0], steps.Select(step => step.GetProperty("node").GetInt32()));
        var use = Assert.Single(steps[2].GetProperty("uses").EnumerateArray());
        Assert.Equal(2, use.GetProperty("user").GetInt32());
        Assert.Equal(12, use.GetProperty("value").GetDouble());
        Assert.Equal(12, root.GetProperty("gradient")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public void Small_tensors_are_written_in_full_and_large_ones_summarised()
    {
        var (small, large) = (Variable("small", [2, 2]), Variable("large", [20, 40]));
        var loss = small.Square().Sum() + large.Square().Sum();
        var at = Point.Of((small, Tensor.Of([2, 2], [1.0, 2, 3, 4])), (large, Tensor.Generate([20, 40], i => i % 40 < 20 ? 1.0 : -2.0)));
        using var json = JsonDocument.Parse(loss.TraceGradient(at).ToJson(new() { FullUpTo = 4, ThumbnailSide = 2 }));
        var nodes = json.RootElement.GetProperty("nodes").EnumerateArray().ToDictionary(node => node.GetProperty("text").GetString()!);
        Assert.Equal("[1,2,3,4]", nodes["small"].GetProperty("value").GetProperty("values").GetRawText());
        var summary = nodes["large"].GetProperty("value");
        Assert.False(summary.TryGetProperty("values", out _));
        Assert.Equal("[20,40]", summary.GetProperty("shape").GetRawText());
        Assert.Equal(-2, summary.GetProperty("least").GetDouble());
        Assert.Equal(1, summary.GetProperty("largest").GetDouble());
        Assert.Equal(Math.Sqrt(400 * 5), summary.GetProperty("norm").GetDouble(), 12);
        Assert.Equal("[1,-2,1,-2]", summary.GetProperty("thumbnail").GetProperty("values").GetRawText());
    }

    [Fact]
    public void Numbers_that_json_lacks_are_texts_and_single_precision_keeps_its_digits()
    {
        Assert.Contains("\"value\":\"Infinity\"", Sqrt(_x).TraceGradient(Point.Of((_x, 0.0))).ToJson());
        Assert.Contains("\"value\":\"-Infinity\"", Log(_x).TraceGradient(Point.Of((_x, 0.0))).ToJson());
        Assert.Contains("\"value\":\"NaN\"", (_x * 1).TraceGradient(Point.Of((_x, double.NaN))).ToJson());
        Assert.Contains("\"value\":0.1}", (_x * 1).TraceGradient(Point.Of((_x, Tensor.Scalar(0.1f)))).ToJson());
    }

    [Fact]
    public void A_drawing_shows_what_is_known_after_a_step()
    {
        var trace = (_x * _x * 2).TraceGradient(Point.Of((_x, 3.0)));
        var first = trace.ToDot(0);
        Assert.DoesNotContain("n0 [label=\"x\\nvalue 3\\nadjoint", first);
        Assert.Contains("n3 [label=\"·\\nvalue 18\\nadjoint 1\", shape=box, style=bold]", first);
        Assert.Contains("n0 -> n1 [label=\"+ 6\", style=bold]", trace.ToDot());
        Assert.Contains("n0([\"x<br/>value 3<br/>adjoint 12\"])", trace.ToMermaid());
        Assert.EndsWith("style n0 stroke-width:3px", trace.ToMermaid());
        Errors.Say<ArgumentOutOfRangeException>(() => trace.ToDot(3), "0 to 2", "last");
        Errors.Say<ArgumentException>(() => trace.ToDot(options: new() { MaxNodes = 3 }), "4 nodes");
    }

    [Fact]
    public void A_summary_shows_an_empty_tensor_a_scalar_and_nan()
    {
        Assert.Equal([0, 0], TensorSummary.Of(Tensor<double>.Zeros([3, 0])).Thumbnail.Shape.Extents.ToArray());
        Assert.Equal(5, TensorSummary.Of(Tensor.Scalar(5f)).Thumbnail[0, 0]);
        var summary = TensorSummary.Of(Tensor.Of(1.0, double.NaN, 3), 3);
        Assert.True(double.IsNaN(summary.Least) && double.IsNaN(summary.Largest) && double.IsNaN(summary.Norm));
        Assert.Equal("[[1, NaN, 3]]", summary.Thumbnail.ToString());
    }
}
