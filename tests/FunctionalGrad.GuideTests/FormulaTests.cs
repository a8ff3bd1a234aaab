using System.Globalization;
using Xunit;

namespace FunctionalGrad.GuideTests;

/// <summary>Formulas and inputs that a reader edits: the page agrees with the library, and says what it cannot read.</summary>
public sealed class FormulaTests(Guide guide)
{
    // Types a formula and its inputs, steps to the end, and reads the numbers that the page shows.
    private const string Play =
        """
        cases => cases.map(({ formula, inputs }) => {
          const field = document.querySelector(".formula");
          field.value = formula;
          field.dispatchEvent(new Event("input"));
          for (const [name, value] of Object.entries(inputs)) {
            const box = document.querySelector(`.inputs [data-input="${name}"]`);
            if (!box) continue;
            box.value = value;
            box.dispatchEvent(new Event("change"));
          }
          lab.stepping.go(lab.stepping.last);
          const rows = [...document.querySelectorAll('[data-map="pulled: a map, defined"] tr[data-key]')];
          const map = Object.fromEntries(rows.map(row => [row.dataset.key, row.querySelector("[data-number]").dataset.number]));
          return { error: document.querySelector(".error").textContent, value: String(lab.state.values.at(-1)), map };
        })
        """;

    [Fact]
    public async Task Two_hundred_random_formulas_agree_with_the_library()
    {
        await using var page = await guide.Open("4");
        var cases = RandomFormula.From(seed: 1).Take(200).ToArray();
        var shown = await page.Ask<Shown[]>(Play, cases.Select(each => new
        {
            formula = each.Text,
            inputs = each.At.ToDictionary(entry => entry.Key.Name, entry => entry.Value.ToScalar().ToString(CultureInfo.InvariantCulture)),
        }).ToArray());
        Assert.Equal([], page.Complaints);
        for (var i = 0; i < cases.Length; i++)
        {
            var (text, loss, at) = cases[i];
            Assert.True(shown[i].Error == "", $"{text}: {shown[i].Error}");
            var (value, gradient) = loss.ValueAndGradient(at);
            Near(text, value.ToScalar(), OpenPage.Parsed(shown[i].Value));
            foreach (var (variable, derivative) in gradient)
            {
                // What a map lacks counts as zero.
                var found = shown[i].Map.TryGetValue(variable.Name, out var number) ? OpenPage.Parsed(number) : 0;
                Near($"∂/∂{variable.Name} of {text} at {at}", derivative.ToScalar(), found);
            }
        }
    }

    [Theory]
    [InlineData("", 1, "expected a formula, found nothing")]
    [InlineData("a +", 4, "expected a number, a name or “(”, found the end")]
    [InlineData("a + * b", 5, "expected a number, a name or “(”, found “*”")]
    [InlineData("(a + b", 7, "expected an operation or “)”, found the end")]
    [InlineData("a b", 3, "expected an operation, “;” or the end, found “b”")]
    [InlineData("a ? b", 3, "“?” is not part of a formula; expected a number, a name")]
    [InlineData("sinus(a)", 1, "there is no function “sinus”; those with s are")]
    [InlineData("sin a", 4, "expected “(”: sin is a function")]
    [InlineData("max(a)", 6, "max takes 2 operands, found 1")]
    [InlineData("sin(a, b)", 9, "sin takes 1 operand, found 2")]
    [InlineData("y = a; a = 2", 8, "a was used above as an input")]
    [InlineData("sin = a", 1, "sin is a function; choose another name")]
    public async Task What_cannot_be_read_gets_a_column_and_what_was_expected(string formula, int column, string message)
    {
        await using var page = await guide.Open("4");
        var before = await page.Map("pushed: cells, overwritten");
        await page.Fill(formula);
        var error = await page.Page.Locator(".error").TextContentAsync();
        Assert.StartsWith($"Column {column}: ", error);
        Assert.Contains(message, error);
        Assert.Equal("true", await page.Page.Locator(".formula").GetAttributeAsync("aria-invalid"));
        Assert.Equal(before, await page.Map("pushed: cells, overwritten"));
        await page.Fill("a * a");
        Assert.Equal("", await page.Page.Locator(".error").TextContentAsync());
        Assert.Contains("changed something", await page.Page.Locator(".origin").TextContentAsync());
    }

    [Fact]
    public async Task A_number_can_be_dragged()
    {
        await using var page = await guide.Open("4");
        await page.Press("End");
        await page.Fill("a * a");
        var box = (await page.Page.Locator("[data-input=a]").BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + 20, box.Y + 10);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + 120, box.Y + 10, new() { Steps = 5 });
        await page.Page.Mouse.UpAsync();
        await page.Press("Tab");
        await page.Ask<object>("() => void lab.stepping.go(lab.stepping.last)");
        Assert.Equal(6, (await page.Map("pulled: a map, defined"))["a"], 1e-9);
    }

    private static void Near(string what, double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-9 * Math.Max(1, Math.Abs(expected)), $"{what}: {expected:R} in the library, {actual:R} on the page");

    private sealed record Shown
    {
        public required string Error { get; init; }

        public required string Value { get; init; }

        public required Dictionary<string, string> Map { get; init; }
    }
}
