namespace FunctionalGrad;

/// <summary>How an application prints.</summary>
public abstract class Notation
{
    private Notation()
    {
    }

    /// <summary>The name, then the operands and parameters in parentheses.</summary>
    public static Notation Function { get; } = new Call();

    /// <summary>A symbol between two operands.</summary>
    /// <param name="symbol">The symbol, such as <c>·</c>.</param>
    /// <param name="precedence">Higher binds tighter.</param>
    /// <param name="associative">Whether the right operand of the same symbol needs no parentheses.</param>
    public static Notation Between(string symbol, int precedence, bool associative) => new Infix(symbol, precedence, associative);

    /// <summary>A symbol before the operand.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="precedence">Higher binds tighter.</param>
    public static Notation Before(string symbol, int precedence) => new Prefix(symbol, precedence);

    /// <summary>A symbol after the operand.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="precedence">Higher binds tighter.</param>
    public static Notation After(string symbol, int precedence) => new Postfix(symbol, precedence);

    /// <summary>Nothing but the operand: for nodes that only stretch a value to a shape.</summary>
    public static Notation Silent { get; } = new Nothing();

    internal sealed class Call : Notation;

    internal sealed class Nothing : Notation;

    internal sealed class Infix(string symbol, int precedence, bool associative) : Notation
    {
        public string Symbol { get; } = symbol;

        public int Precedence { get; } = precedence;

        public bool Associative { get; } = associative;
    }

    internal sealed class Prefix(string symbol, int precedence) : Notation
    {
        public string Symbol { get; } = symbol;

        public int Precedence { get; } = precedence;
    }

    internal sealed class Postfix(string symbol, int precedence) : Notation
    {
        public string Symbol { get; } = symbol;

        public int Precedence { get; } = precedence;
    }
}
