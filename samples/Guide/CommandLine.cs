using System.CommandLine;
using System.Diagnostics;

namespace FunctionalGrad.Samples.Guide;

/// <summary>The command line: writes the pages, says where, and opens them where that is asked for.</summary>
internal static class CommandLine
{
    public static Task<int> Run(string[] args, TextWriter output, TextWriter error)
    {
        var folder = new Option<string>("--out") { HelpName = "folder", Description = "Where the pages go; the folder is made if it is not there.", DefaultValueFactory = _ => Path.Combine("artifacts", "guide") };
        var open = new Option<bool>("--open") { Description = "Open the first page in the browser." };
        var command = new RootCommand("Writes the guide: nine pages on gradients without mutation, which need no network and no server.") { folder, open };
        return Commands.Run(
            command,
            args,
            (parsed, cancellation) =>
            {
                var index = Book.Write(parsed.GetRequiredValue(folder), output, cancellation);
                if (parsed.GetValue(open))
                {
                    Open(index);
                }
            },
            output,
            error);
    }

    private static void Open(string page)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(page) { UseShellExecute = true });
        }
        catch (Exception problem) when (problem is System.ComponentModel.Win32Exception or PlatformNotSupportedException)
        {
            throw new UserErrorException($"no browser would open {page}: {problem.Message}; open that file yourself");
        }
    }
}
