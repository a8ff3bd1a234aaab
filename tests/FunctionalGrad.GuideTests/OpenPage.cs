using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace FunctionalGrad.GuideTests;

/// <summary>A page that is open, with everything that it said or asked for.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private OpenPage(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Console messages, errors, and requests for anything but the page.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<OpenPage> In(IBrowserContext context, string path)
    {
        var page = await context.NewPageAsync();
        var open = new OpenPage(context, page);
        var address = new Uri(path).AbsoluteUri;
        page.Console += (_, message) => open._complaints.Add($"console: {message.Text}");
        page.PageError += (_, error) => open._complaints.Add($"error: {error}");
        page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                open._complaints.Add($"request: {request.Url}");
            }
        };
        await page.GotoAsync(address);
        return open;
    }

    public Task Press(string key) => Page.Keyboard.PressAsync(key);

    /// <summary>What a script makes of the page.</summary>
    public Task<T> Ask<T>(string script, object? argument = null) => Page.EvaluateAsync<T>(script, argument);

    /// <summary>The data that the page was written with.</summary>
    public async Task<JsonElement> Data() =>
        JsonDocument.Parse(await Ask<string>("() => document.getElementById('data').textContent")).RootElement;

    /// <summary>The full number behind one that is shown.</summary>
    public async Task<double> Number(string selector)
    {
        var text = await Page.Locator(selector).First.GetAttributeAsync("data-number");
        Assert.NotNull(text);
        return Parsed(text);
    }

    /// <summary>All numbers of a map, by name.</summary>
    public async Task<Dictionary<string, double>> Map(string caption)
    {
        var rows = await Ask<Dictionary<string, string>>(
            """
            caption => Object.fromEntries([...document.querySelectorAll(`[data-map="${caption}"] tr[data-key]`)]
              .map(row => [row.dataset.key, row.querySelector("[data-number]")?.dataset.number])
              .filter(([, number]) => number !== undefined))
            """,
            caption);
        return rows.ToDictionary(row => row.Key, row => Parsed(row.Value));
    }

    public async Task Fill(string formula)
    {
        await Page.Locator(".formula").FillAsync(formula);
    }

    public static double Parsed(string text) => text switch
    {
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
