using Spectre.Console;

namespace FunctionalGrad.Samples;

/// <summary>Where a sample prints: a terminal with colours, or plain text for files, pipes and tests.</summary>
internal static class Screen
{
    /// <summary>A console over any writer; colours and movement only where the writer is a terminal.</summary>
    public static IAnsiConsole Over(TextWriter output) => output == Console.Out
        ? AnsiConsole.Console
        : AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });

    /// <summary>Whether there is somebody to watch things move.</summary>
    public static bool IsLive(this IAnsiConsole console) =>
        console.Profile.Capabilities is { Ansi: true, Interactive: true } && console.Profile.Out.IsTerminal;
}
