using FunctionalGrad.Samples.Guide;
using Microsoft.Playwright;
using Xunit;

namespace FunctionalGrad.GuideTests;

/// <summary>Every page, at both widths and in both colour schemes. Pictures go where a person can look at them.</summary>
public sealed class LoadingTests(Guide guide)
{
    public static IEnumerable<string> Pages => [.. Book.Pages.Select(page => page.File[..^".html".Length]), "index"];

    public static TheoryData<string, int, ColorScheme> Looks => new(
        from page in Pages
        from width in new[] { 390, 1440 }
        from scheme in new[] { ColorScheme.Light, ColorScheme.Dark }
        select (page, width, scheme));

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task A_page_loads_and_steps_without_a_word_and_asks_for_nothing(string name, int width, ColorScheme scheme)
    {
        await using var page = await guide.Open(name, width, scheme);
        var overflow = await page.Ask<int>("() => document.documentElement.scrollWidth - innerWidth");
        Assert.True(overflow <= 0, $"the page is {overflow} pixels wider than the window");
        if (name != "index")
        {
            var last = await page.Ask<int>("() => lab.stepping.last");
            Assert.True(last > 0, "there is nothing to step through");
            await page.Ask<object>("middle => void lab.stepping.go(middle)", (last + 1) / 2);
        }

        await page.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Guide.Folder, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png"),
            FullPage = true,
        });
        await page.Press("End");
        await page.Press("Home");
        Assert.Equal([], page.Complaints);
    }

    [Fact]
    public void A_page_is_small()
    {
        Assert.All(Pages, name =>
        {
            var size = new FileInfo(Guide.PathOf(name)).Length;
            Assert.True(size <= 300_000, $"{name} has {size:N0} bytes");
        });
    }

    [Fact]
    public void A_page_names_no_place_on_the_network()
    {
        Assert.All(Pages, name =>
        {
            var text = File.ReadAllText(Guide.PathOf(name)).Replace("http://www.w3.org/2000/svg", "");
            Assert.DoesNotContain("http:", text);
            Assert.DoesNotContain("https:", text);
            Assert.DoesNotContain("{{", text);
        });
    }

    [Fact]
    public async Task Nothing_moves_for_those_who_ask_for_that()
    {
        await using var page = await guide.Open("6");
        await page.Press("End");
        Assert.Equal(0, await page.Ask<int>("() => document.getAnimations().length"));
    }
}
