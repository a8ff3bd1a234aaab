using FunctionalGrad.Samples.Micrograd;
using Xunit;

namespace FunctionalGrad.Tests.Samples;

public sealed class MicrogradTests
{
    [Fact]
    public void The_moons_are_those_of_micrograd()
    {
        var data = MoonsData.Generate();
        Assert.Equal(1.1221146075409685, data.Points[0, 0], 1e-15);
        Assert.Equal(0.08147717341718697, data.Points[0, 1], 1e-15);
        Assert.Equal(50, data.Labels.ToArray().Count(label => label == 1));
        Assert.Equal(50, data.Labels.ToArray().Count(label => label == -1));
    }

    [Fact]
    public void The_demo_repeats_every_published_loss_and_accuracy()
    {
        var published = Oracle.OfMoons();
        var steps = new MoonsModel(MoonsData.Generate()).Training().ToArray();
        Assert.Equal(published.Length, steps.Length);
        foreach (var (step, figures) in steps.Zip(published))
        {
            Assert.Equal((figures[0], figures[2]), (step.Step, step.Accuracy));
            Assert.Equal(figures[1], step.Loss, Oracle.Tolerance * figures[1]);
        }
    }

    [Fact]
    public void The_net_has_337_parameters() => Assert.Equal(337, new MoonsModel(MoonsData.Generate()).Net.ParameterCount);

    [Fact]
    public void The_practice_page_and_the_cheat_sheet()
    {
        var practice = OneWeight.At(w: 2, x: 3, target: 3);
        Assert.Equal([6, 9, 18], Numbers(practice));
        Near([3.3, 0.09, 1.8], Numbers(OneWeight.Step(practice, 0.05)));

        var sheet = OneWeight.At(w: 1, x: 2, target: 6);
        var next = OneWeight.Step(sheet, 0.1);
        Assert.Equal([2, 16, -16], Numbers(sheet));
        Near([5.2, 0.64, -3.2], Numbers(next));
        Near([5.84, 0.0256, -0.64], Numbers(OneWeight.Step(next, 0.1)));
        Assert.Equal([2, 16, -16], Numbers(sheet));

        static double[] Numbers(Point<double> at) =>
        [
            OneWeight.Prediction.Evaluate(at).ToScalar(), OneWeight.Loss.Evaluate(at).ToScalar(),
            OneWeight.Gradient.Evaluate(at).Values[0].ToScalar(),
        ];
    }

    [Fact]
    public void Every_use_counts()
    {
        var (c, a) = EveryUseCounts.Doubled();
        Assert.Equal(4, c.Evaluate(Point.Of((a, 1.0))).ToScalar());
        Assert.Equal(4, c.Gradient().Evaluate(Point.Of((a, 1.0)))[a].ToScalar());

        var (y, x) = EveryUseCounts.SanityCheck();
        Assert.Equal(-20, y.Evaluate(Point.Of((x, -4.0))).ToScalar());
        Assert.Equal(46, y.Gradient().Evaluate(Point.Of((x, -4.0)))[x].ToScalar());
    }

    [Fact]
    public void The_example_of_the_readme()
    {
        var (value, gradient) = ReadmeExample.G.Evaluate(ReadmeExample.Gradient, ReadmeExample.At);
        Near(
            [24.70408163265306, 138.83381924198252, 645.5772594752186],
            [value.ToScalar(), gradient.Values[0].ToScalar(), gradient.Values[1].ToScalar()]);
    }

    [Fact]
    public void A_contour_crosses_where_the_score_is()
    {
        var surface = DecisionSurface.Of(
            points => Tensor.Generate([points.Shape[0]], i => points[i, 0]), new Window(-1, 1, -1, 1), rows: 2, columns: 2);
        Assert.Equal("M1 0.5L1 1M1 1L1 1.5", surface.Contour(0));
        Assert.Empty(surface.Contour(5));
    }

    private static void Near(IReadOnlyList<double> expected, IReadOnlyList<double> actual) =>
        Assert.All(actual.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-14 * Math.Max(1, Math.Abs(pair.Second))));
}
