namespace FunctionalGrad;

/// <content>An expression as one line of text.</content>
public abstract partial class Expr
{
    /// <summary>The expression as infix text, abridged when it is large.</summary>
    public sealed override string ToString() => Abridged.Text(this);

    private string DebuggerView => $"{DebuggerText.Of(ToString())} : {Shape}";

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = ToString();
        var fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }
}
