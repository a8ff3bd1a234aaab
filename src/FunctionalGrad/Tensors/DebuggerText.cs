namespace FunctionalGrad;

/// <summary>What a debugger shows of a value: one short line, made in a time that does not grow with the value.</summary>
internal static class DebuggerText
{
    private const int Longest = 200;

    /// <summary>A text on one line, cut where it is long.</summary>
    public static string Of(string text)
    {
        var line = text.Length <= Longest ? text : $"{text.AsSpan(0, Longest - 1)}…";
        return line.ReplaceLineEndings(" ");
    }
}
