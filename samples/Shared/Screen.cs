using Spectre.Console;

namespace FunctionalGrad.Samples;

/// <summary>Where a sample prints: a terminal with colours, or plain text for files, pipes and tests.</summary>
internal static class Screen
{
    /// <summary>A console over any writer; colours and movement only where the writer is a terminal.</summary>
    public static IAnsiConsole Over(TextWriter output) => output == Console.Out && !Console.IsOutputRedirected
        ? AnsiConsole.Console
        : Plain(output);

    /// <summary>Whether there is somebody to watch things move.</summary>
    public static bool IsLive(this IAnsiConsole console) =>
        console.Profile.Capabilities is { Ansi: true, Interactive: true } && console.Profile.Out.IsTerminal;

    private static IAnsiConsole Plain(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });

        // A file has no width to break lines at.
        console.Profile.Width = int.MaxValue / 2;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
