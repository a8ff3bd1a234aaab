using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FunctionalGrad.Samples.Guide;

/// <summary>Puts a page together: one file with style, program and numbers in it, which asks the network for nothing.</summary>
internal static class Shell
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Page(Page page, JsonObject data)
    {
        var next = Book.Pages.FirstOrDefault(other => other.Number == page.Number + 1);
        var before = Book.Pages.FirstOrDefault(other => other.Number == page.Number - 1);
        var footer = Link(before, "← ") + (next is null ? "<a href=\"index.html\">To all pages</a>" : Link(next, "Next: "));
        return Filled(
            page.Number.ToString(CultureInfo.InvariantCulture),
            page.Title,
            Sources.Text($"pages/{page.Number}.html"),
            footer,
            Sources.Script(page.Number),
            // Inside a script element only "</" could end it early.
            data.ToJsonString(Written).Replace("</", "<\\/"));
    }

    public static string Index()
    {
        var contents = string.Concat(Book.Pages.Select(page => string.Create(
            CultureInfo.InvariantCulture, $"<li><a href=\"{page.File}\"><i>{page.Number}</i><b>{Text(page.Title)}</b><span>{Text(page.Summary)}</span></a></li>")));
        return Filled("index", "Contents", Sources.Text("index.html").Replace("{{contents}}", contents), "", "", "{}");
    }

    private static string Filled(string number, string title, string body, string footer, string script, string data)
    {
        var pages = string.Concat(Book.Pages.Select(page => string.Create(
            CultureInfo.InvariantCulture,
            $"<li><a href=\"{page.File}\" title=\"{Text(page.Title)}\" aria-label=\"{page.Number}: {Text(page.Title)}\"{(number == page.Number.ToString(CultureInfo.InvariantCulture) ? " aria-current=\"page\"" : "")}>{page.Number}</a></li>")));

        // The texts that are put in last may hold anything.
        return Sources.Text("shell.html")
            .Replace("{{title}}", Text(title))
            .Replace("{{number}}", number)
            .Replace("{{nav}}", pages)
            .Replace("{{footer}}", footer)
            .Replace("{{body}}", body)
            .Replace("{{style}}", Sources.Text("style.css"))
            .Replace("{{script}}", script)
            .Replace("{{data}}", data);
    }

    private static string Link(Page? page, string before) => page is null ? "<span></span>" : $"<a href=\"{page.File}\">{before}{Text(page.Title)}</a>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
