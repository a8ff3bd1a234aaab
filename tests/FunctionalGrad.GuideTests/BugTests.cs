using FunctionalGrad.Samples.Micrograd;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.GuideTests;

/// <summary>Each bug gives the wrong number that it should, and nothing before the reader has predicted one.</summary>
public sealed class BugTests(Guide guide)
{
    private static readonly string[] Bugs = ["assign", "zero", "set", "order", "twice"];

    [Theory]
    [InlineData("3")]
    [InlineData("4")]
    [InlineData("5")]
    [InlineData("6")]
    public async Task Each_bug_gives_its_wrong_number_after_a_prediction(string name)
    {
        await using var page = await guide.Open(name);
        var (loss, at, by) = On(name);
        foreach (var bug in Bugs)
        {
            await Reveal(page, bug);
            await Agrees(page, FaultyPush.Cells(loss, at, bug), loss.Gradient().Evaluate(at), by, pulls: name != "3");
        }

        Assert.Equal([], page.Complaints);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("4")]
    [InlineData("6")]
    public async Task A_graph_that_survives_a_bug_offers_one_that_does_not(string name)
    {
        await using var page = await guide.Open(name);
        if (name == "6")
        {
            await page.Fill("b = a + a; c = b + b");
        }

        await Reveal(page, "order");
        Assert.Contains("happens to be right", await page.Page.Locator(".verdict").TextContentAsync());
        await page.Page.GetByText("Take one that does").ClickAsync();
        await Reveal(page, "order", alreadyOn: true);
        var a = Variable("a");
        Expr b = a * 2;
        var loss = b + (b * 3);
        var at = Point.Of((a, 1.0));
        Assert.Equal(8, loss.Gradient().Evaluate(at)[a].ToScalar());
        await Agrees(page, FaultyPush.Cells(loss, at, "order"), loss.Gradient().Evaluate(at), ["a"], pulls: name != "3");
        Assert.NotEqual(8, await page.Number("[data-wrong]"));
    }

    private static async Task Reveal(OpenPage page, string bug, bool alreadyOn = false)
    {
        if (!alreadyOn)
        {
            await page.Page.Locator($"[data-bug={bug}]").ClickAsync();
        }

        Assert.Equal("true", await page.Page.Locator($"[data-bug={bug}]").GetAttributeAsync("aria-checked"));
        Assert.Equal(0, await page.Page.Locator("[data-wrong]").CountAsync());
        await page.Page.Locator(".answer button").ClickAsync();
        Assert.Equal(0, await page.Page.Locator("[data-wrong]").CountAsync());
        await page.Page.Locator(".answer input").FillAsync("12345");
        await page.Page.Locator(".answer button").ClickAsync();
        Assert.StartsWith("Not quite", await page.Page.Locator(".verdict").TextContentAsync());
    }

    private static async Task Agrees(OpenPage page, Dictionary<string, double> wrong, GradientMap<Tensor<double>> right, string[] by, bool pulls)
    {
        var asked = (await page.Page.Locator("[data-wrong]").GetAttributeAsync("data-wrong"))!;
        var exact = right.Single(entry => entry.Key.Name == asked).Value.ToScalar();

        // The question is about the input that shows most of the harm.
        double Harm(string name) => Math.Abs(wrong[name] - right.Single(entry => entry.Key.Name == name).Value.ToScalar());
        Assert.Equal(by.Max(Harm), Harm(asked), 1e-9);
        Near(wrong[asked], await page.Number("[data-wrong]"));
        if (pulls)
        {
            Near(exact, await page.Number("[data-pulled]"));
        }
        else
        {
            Near(wrong[asked], (await page.Map("cells"))[asked]);
        }
    }

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 * Math.Max(1, Math.Abs(expected)));

    private static (Expr Loss, Point<double> At, string[] By) On(string page)
    {
        var a = Variable("a");
        Expr b = a + a;
        var (w, x, c, y) = (Variable("w"), Variable("x"), Variable("b"), Variable("y"));
        return page switch
        {
            "5" => (((w * x) + c - y).Square(), Point.Of((w, 0.5), (x, 1.0), (c, 0.0), (y, 2.0)), ["w", "b"]),
            "6" => (ReadmeExample.G, ReadmeExample.At, ["a", "b"]),
            _ => (b + b, Point.Of((a, 1.0)), ["a"]),
        };
    }
}
