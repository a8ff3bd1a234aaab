using FunctionalGrad.GuideTests;
using FunctionalGrad.Samples.Guide;
using FunctionalGrad.Tests.Architecture;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Guide))]

namespace FunctionalGrad.GuideTests;

/// <summary>
/// The pages, written once for all tests by the program that writes them, and a browser to look at them with. Where there
/// is no browser, tests that need one are skipped and say so.
/// </summary>
public sealed class Guide : IAsyncLifetime
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _missing;

    /// <summary>Where the pages are, and pictures of them.</summary>
    public static string Folder { get; } = Repository.At("artifacts", "guide");

    /// <summary>The browser; where there is none, the test is skipped.</summary>
    public IBrowser Browser
    {
        get
        {
            Assert.SkipWhen(_browser is null, _missing ?? "");
            return _browser!;
        }
    }

    public static string PathOf(string page) => Path.Combine(Folder, page + ".html");

    public async ValueTask InitializeAsync()
    {
        Book.Write(Folder, TextWriter.Null, CancellationToken.None);
        var program = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : Places.FirstOrDefault(File.Exists);
        if (program is null)
        {
            _missing = $"no browser is installed: install Chromium (Debian: apt-get install chromium), or name one in the variable CHROMIUM; looked for {string.Join(", ", Places)}";
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Arguments });
    }

    /// <summary>Opens a page in a window of its own.</summary>
    internal async Task<OpenPage> Open(string page, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await Browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return await OpenPage.In(context, PathOf(page));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
