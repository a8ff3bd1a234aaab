using FunctionalGrad.Samples.Guide;
using Xunit;

namespace FunctionalGrad.GuideTests;

/// <summary>A page can be read, edited, stepped through and broken with the keyboard alone.</summary>
public sealed class KeyboardTests(Guide guide)
{
    public static TheoryData<string> Pages => [.. Book.Pages.Select(page => page.File[..^".html".Length])];

    [Fact]
    public async Task Editing_stepping_and_breaking_need_no_mouse()
    {
        await using var page = await guide.Open("3");
        await TabTo(page, ".formula");
        await page.Press("Control+A");
        await page.Page.Keyboard.TypeAsync("b = a * a; c = b + b");
        await TabTo(page, "[data-input=a]");
        await page.Press("ArrowUp");
        await page.Press("Shift+ArrowUp");
        await TabTo(page, "input[type=range]");
        await page.Press("End");

        // 2·a² at 2.1.
        Assert.Equal(8.4, (await page.Map("cells"))["a"], 1e-9);
        await TabTo(page, "[data-bug=assign]");
        await page.Press("Space");
        await TabTo(page, ".answer input");
        await page.Page.Keyboard.TypeAsync("2.1");
        await page.Press("Enter");
        Assert.Equal(2.1, await page.Number("[data-wrong=a]"), 1e-9);
        Assert.StartsWith("Yes", await page.Page.Locator(".verdict").TextContentAsync());
        await TabTo(page, "footer a:last-child");
        Assert.Equal([], page.Complaints);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Arrow_keys_step_and_what_has_the_focus_shows_it(string name)
    {
        await using var page = await guide.Open(name);
        var start = await page.Ask<int>("() => lab.stepping.at");
        await page.Press("ArrowRight");
        Assert.Equal(start + 1, await page.Ask<int>("() => lab.stepping.at"));
        await page.Press("ArrowLeft");
        Assert.Equal(start, await page.Ask<int>("() => lab.stepping.at"));
        await page.Press("End");
        Assert.Equal(await page.Ask<int>("() => lab.stepping.last"), await page.Ask<int>("() => lab.stepping.at"));
        var said = await page.Page.Locator("[role=status]").First.TextContentAsync();
        await page.Press("Home");
        Assert.NotEqual(said, await page.Page.Locator("[role=status]").First.TextContentAsync());

        for (var i = 0; i < 8; i++)
        {
            await page.Press("Tab");
            Assert.Equal("solid", await page.Ask<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_can_be_used_has_a_name(string name)
    {
        await using var page = await guide.Open(name);
        var nameless = await page.Ask<string[]>(
            """
            () => [...document.querySelectorAll("button, input, textarea, a, canvas, svg[role=img]")]
              .filter(each => !each.closest("[aria-hidden]") && !each.closest(".tile") && each.type !== "hidden")
              .filter(each => !(each.getAttribute("aria-label") || each.textContent.trim() || each.closest("label")?.textContent.trim()))
              .map(each => each.outerHTML.slice(0, 120))
            """);
        Assert.Equal([], nameless);
        Assert.Equal(1, await page.Page.Locator("h1").CountAsync());
        Assert.Equal("en", await page.Page.Locator("html").GetAttributeAsync("lang"));
    }

    private static async Task TabTo(OpenPage page, string selector)
    {
        const int most = 120;
        for (var i = 0; i < most; i++)
        {
            if (await page.Ask<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }

            await page.Press("Tab");
        }

        Assert.Fail($"{most} times Tab do not lead to {selector}");
    }
}
