using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Einstein's summation.</content>
public abstract partial class Expr
{
    /// <summary>Sums, permutes or both, by an equation as in <see cref="Einsum(string, ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="equation">Such as <c>ij->j</c>.</param>
    /// <param name="x">The operand.</param>
    /// <exception cref="FormatException">The equation is not of the form that is understood; the message tells the position.</exception>
    /// <exception cref="ShapeException">The equation does not fit the operand.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
    /// Expr.Einsum("ij->ji", x).Evaluate();      // [[1, 4], [2, 5], [3, 6]]
    /// Expr.Einsum("ij->j", x).Evaluate();       // [5, 7, 9]
    /// </code></example>
    public static Expr Einsum(string equation, Expr x) => Einsum(equation, new ReadOnlySpan<Expr>([x]));

    /// <summary>The contraction of two operands by an equation as in <see cref="Einsum(string, ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="equation">Such as <c>ik,kj->ij</c>.</param>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <exception cref="FormatException">The equation is not of the form that is understood; the message tells the position.</exception>
    /// <exception cref="ShapeException">The equation does not fit the operands.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 2], [1.0, 2, 3, 4]);
    /// Expr.Einsum("ik,kj->ij", x, x).Evaluate();      // [[7, 10], [15, 22]]
    /// Expr.Einsum("ij,ij->", x, x).Evaluate();        // 30
    /// </code></example>
    public static Expr Einsum(string equation, Expr x, Expr y) => Einsum(equation, new ReadOnlySpan<Expr>([x, y]));

    /// <summary>
    /// Einstein's summation: <c>ik,kj->ij</c> means zᵢⱼ = Σₖ xᵢₖ·yₖⱼ. Every axis of every operand has a letter; equal
    /// letters run together, and letters that are not right of the arrow are summed over.
    /// </summary>
    /// <remarks>
    /// A subset of NumPy's: letters a–z and A–Z, an explicit arrow, no ellipsis, no letter twice in one operand (no
    /// diagonals), and equal extents where letters are equal (1 does not stretch). Spaces are ignored. Several operands
    /// are contracted from left to right, and a letter is summed over as soon as no later operand has it.
    /// </remarks>
    /// <param name="equation">The equation.</param>
    /// <param name="operands">An operand for each term left of the arrow.</param>
    /// <exception cref="FormatException">The equation is not of the form that is understood; the message tells the position.</exception>
    /// <exception cref="ShapeException">The equation does not fit the operands.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 2], [1.0, 2, 3, 4]);
    /// Expr v = Tensor.Of(1.0, 10);
    /// Expr.Einsum("i,ij,j->", v, x, v).Evaluate();      // 451
    /// </code></example>
    public static Expr Einsum(string equation, params ReadOnlySpan<Expr> operands)
    {
        ArgumentNullException.ThrowIfNull(equation);
        foreach (var operand in operands)
        {
            ArgumentNullException.ThrowIfNull(operand, nameof(operands));
        }

        var parsed = EinsumEquation.Parse(equation);
        parsed.RequireFit(operands);
        var value = operands[0];
        var labels = parsed.Terms[0];
        for (var i = 1; i < operands.Length; i++)
        {
            var result = i == operands.Length - 1 ? parsed.Result : parsed.NeededAfter(i, labels);
            value = Contraction.Of(value, labels, operands[i], parsed.Terms[i], result);
            labels = result;
        }

        return operands.Length == 1 ? Contraction.OfOne(value, labels, parsed.Result) : value;
    }
}

/// <summary>An equation of Einstein's summation, such as <c>ik,kj->ij</c>: a term for each operand, and the result.</summary>
internal sealed record EinsumEquation(string Text, ImmutableArray<string> Terms, string Result)
{
    private const string Arrow = "->";

    public static EinsumEquation Parse(string text)
    {
        var arrow = text.IndexOf(Arrow, StringComparison.Ordinal);
        if (arrow < 0)
        {
            throw Malformed(text, text.Length, "the arrow -> is missing; write which letters the result has, as in \"ik,kj->ij\" (\"ij->\" sums over all)");
        }

        var terms = new List<string>();
        var start = 0;
        for (var i = 0; i <= arrow; i++)
        {
            if (i == arrow || text[i] == ',')
            {
                terms.Add(Letters(text, start, i));
                start = i + 1;
            }
        }

        var result = Letters(text, arrow + Arrow.Length, text.Length);
        foreach (var letter in result)
        {
            if (!terms.Exists(term => term.Contains(letter)))
            {
                throw Malformed(text, text.LastIndexOf(letter), $"the result has {letter}, which no operand has; use a letter of an operand, or broadcast the value afterwards");
            }
        }

        return new(text, [.. terms], result);
    }

    /// <summary>The labels that the product of operands 0 to i must keep, since later ones or the result have them.</summary>
    public string NeededAfter(int i, string labels)
    {
        var later = string.Concat(Terms.AsSpan()[(i + 1)..]) + Result;
        return string.Concat((labels + Terms[i]).Distinct().Where(later.Contains));
    }

    public void RequireFit(ReadOnlySpan<Expr> operands)
    {
        if (operands.Length != Terms.Length)
        {
            throw new ShapeException($"einsum \"{Text}\": the equation has {Terms.Length} term{(Terms.Length == 1 ? "" : "s")} left of the arrow and {operands.Length} operand{(operands.Length == 1 ? " is" : "s are")} given; write one term for each operand");
        }

        var extents = new Dictionary<char, (int Extent, int Operand)>();
        for (var i = 0; i < operands.Length; i++)
        {
            var shape = operands[i].Shape;
            if (shape.Rank != Terms[i].Length)
            {
                throw new ShapeException($"einsum \"{Text}\": operand {i} {shape} has {shape.Rank} axes and its term \"{Terms[i]}\" {Terms[i].Length} letters; write one letter for each axis");
            }

            for (var axis = 0; axis < shape.Rank; axis++)
            {
                var letter = Terms[i][axis];
                if (!extents.TryAdd(letter, (shape[axis], i)) && extents[letter].Extent != shape[axis])
                {
                    var (extent, first) = extents[letter];
                    throw new ShapeException(
                        $"einsum \"{Text}\": {letter} has extent {extent} in operand {first} {operands[first].Shape} and {shape[axis]} in operand {i} {shape}; "
                        + "make them equal, transpose one of them or check the letters");
                }
            }
        }
    }

    /// <summary>The letters between two positions, each once.</summary>
    private static string Letters(string text, int start, int end)
    {
        var letters = "";
        for (var i = start; i < end; i++)
        {
            var letter = text[i];
            if (letter == ' ')
            {
                continue;
            }

            if (!char.IsAsciiLetter(letter))
            {
                throw Malformed(text, i, letter == '.'
                    ? "an ellipsis is not understood; name every axis by a letter, or use MatMul, which broadcasts leading axes"
                    : $"'{letter}' is not a letter; use a–z and A–Z, commas between operands and one arrow ->");
            }

            if (letters.Contains(letter))
            {
                throw Malformed(text, i, $"{letter} stands twice in one term, and diagonals are not taken; give the two axes two letters");
            }

            letters += letter;
        }

        return letters;
    }

    private static FormatException Malformed(string text, int position, string problem) =>
        new($"einsum \"{text}\", position {position}: {problem}");
}
