using System.Globalization;
using System.Text;

namespace FunctionalGrad;

/// <summary>What stands in the text in place of an application; null where the application itself should.</summary>
/// <param name="application">The application.</param>
/// <param name="depth">How many applications stand around it in this text.</param>
internal delegate string? StandIn(Application application, int depth);

/// <summary>
/// Expressions as infix text, as each primitive's <see cref="Notation"/> says, with no more parentheses than it takes to
/// read the text in one way. Works with a stack of its own, since graphs may be deep.
/// </summary>
internal static class Infix
{
    // The levels of Notation at which "a ∘ b ∘ c" is read from the left by everybody: sums and products.
    private const int Sum = 1;
    private const int Product = 3;

    /// <summary>Appends an expression.</summary>
    /// <param name="text">Where to append.</param>
    /// <param name="root">The expression, which is written out whatever <paramref name="standIn"/> says.</param>
    /// <param name="names">Names of the variables.</param>
    /// <param name="standIn">What stands in place of applications below the root.</param>
    /// <param name="operandsShown">After how many operands a call is cut.</param>
    public static void Append(StringBuilder text, Expr root, VariableNames names, StandIn standIn, int operandsShown = int.MaxValue)
    {
        var pieces = new Stack<Piece>();
        pieces.Push(new(null, root, new(int.MinValue, false, 0)));
        while (pieces.TryPop(out var piece))
        {
            switch (piece.Node is { } node ? Shown(node) : null)
            {
                case null:
                    text.Append(piece.Text);
                    break;
                case Variable variable:
                    text.Append(names[variable]);
                    break;
                case Constant constant:
                    AppendConstant(text, constant, piece.Place);
                    break;
                case Application application when piece.Place.Depth > 0 && standIn(application, piece.Place.Depth) is { } name:
                    text.Append(name);
                    break;
                case Application application:
                    PushApplication(pieces, application, piece.Place, operandsShown);
                    break;
            }
        }
    }

    /// <summary>The node that is printed: what a silent application only stretches.</summary>
    public static Expr Shown(Expr node)
    {
        while (node is Application { Primitive.Notation: Notation.Nothing } silent)
        {
            node = silent.Input(0);
        }

        return node;
    }

    /// <summary>A constant in few characters: the shortest digits that read back as the same number, long tensors abridged.</summary>
    public static string Text(Constant constant)
    {
        const int spelledOut = 12;
        var value = constant.Value;
        return value.Shape.IsScalar ? value.Values[0].ToString("R", CultureInfo.InvariantCulture)
            : value.Shape.Rank == 1 || value.Size <= spelledOut ? value.ToString()
            : $"constant{value.Shape}";
    }

    private static void AppendConstant(StringBuilder text, Constant constant, Place place)
    {
        var number = Text(constant);
        var parenthesized = number[0] == '-' && (place.AfterSymbol || place.Needed > Sum);
        text.Append(parenthesized ? $"({number})" : number);
    }

    // Pushes what the text consists of, last piece first.
    private static void PushApplication(Stack<Piece> pieces, Application application, Place place, int operandsShown)
    {
        var depth = place.Depth + 1;
        switch (application.Primitive.Notation)
        {
            case Notation.Infix infix when application.Inputs.Length == 2:
                {
                    var (left, right) = (application.Input(0), application.Input(1));
                    var level = infix.Precedence;
                    var parenthesized = level < place.Needed;
                    var fromTheLeft = infix.Associative || level is >= Sum and <= Product;
                    var continues = infix.Associative
                        && Shown(right) is Application { Primitive.Notation: Notation.Infix next } && next.Symbol == infix.Symbol;
                    Close(pieces, parenthesized);
                    pieces.Push(new(null, right, new(continues ? level : level + 1, level >= Sum, depth)));
                    pieces.Push(new(level > Product && infix.Symbol == "^" ? "^" : $" {infix.Symbol} "));
                    pieces.Push(new(null, left, new(fromTheLeft ? level : level + 1, place.AfterSymbol && !parenthesized, depth)));
                    Open(pieces, parenthesized);
                    break;
                }

            case Notation.Prefix prefix when application.Inputs.Length == 1:
                {
                    var parenthesized = place.AfterSymbol || prefix.Precedence < place.Needed;
                    Close(pieces, parenthesized);
                    pieces.Push(new(null, application.Input(0), new(prefix.Precedence + 1, true, depth)));
                    pieces.Push(new(prefix.Symbol));
                    Open(pieces, parenthesized);
                    break;
                }

            case Notation.Postfix postfix when application.Inputs.Length == 1:
                {
                    var parenthesized = postfix.Precedence < place.Needed;
                    Close(pieces, parenthesized);
                    pieces.Push(new(postfix.Symbol));
                    pieces.Push(new(null, application.Input(0), new(postfix.Precedence + 1, place.AfterSymbol && !parenthesized, depth)));
                    Open(pieces, parenthesized);
                    break;
                }

            default:
                PushCall(pieces, application, depth, operandsShown);
                break;
        }
    }

    private static void PushCall(Stack<Piece> pieces, Application application, int depth, int operandsShown)
    {
        var primitive = application.Primitive;
        var inputs = application.Inputs;
        pieces.Push(new(")"));
        foreach (var function in primitive.Functions)
        {
            pieces.Push(new($", {function}"));
        }

        if (primitive.Parameters.Length > 0)
        {
            pieces.Push(new(inputs.IsEmpty ? primitive.Parameters : $", {primitive.Parameters}"));
        }

        if (inputs.Length > operandsShown)
        {
            pieces.Push(new(", …"));
        }

        for (var operand = Math.Min(inputs.Length, operandsShown) - 1; operand >= 0; operand--)
        {
            pieces.Push(new(null, inputs[operand], new(int.MinValue, false, depth)));
            pieces.Push(new(operand == 0 ? "" : ", "));
        }

        pieces.Push(new($"{primitive.Name}("));
    }

    private static void Open(Stack<Piece> pieces, bool parenthesized) => pieces.Push(new(parenthesized ? "(" : ""));

    private static void Close(Stack<Piece> pieces, bool parenthesized) => pieces.Push(new(parenthesized ? ")" : ""));

    /// <summary>Where an expression stands in the text.</summary>
    /// <param name="Needed">The level of precedence below which it needs parentheses.</param>
    /// <param name="AfterSymbol">Whether a symbol stands right before it, which a sign should not follow.</param>
    /// <param name="Depth">How many applications stand around it.</param>
    private readonly record struct Place(int Needed, bool AfterSymbol, int Depth);

    /// <summary>What is still to be printed: a text or an expression.</summary>
    private readonly record struct Piece(string? Text, Expr? Node = null, Place Place = default);
}
