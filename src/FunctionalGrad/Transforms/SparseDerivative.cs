using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// A Jacobian or Hessian by its entries that may differ from zero: the exact pattern, found from the graph, and formulas
/// for those entries, from a few passes along sums of directions that do not disturb each other.
/// </summary>
/// <remarks>
/// Row i is entry i of the differentiated expression and column j is entry j of the variables, both counted in row-major
/// order, several variables one after the other; of a Hessian rows count as columns do. An entry of the pattern may be zero
/// at a point, or everywhere where terms cancel; outside of it all are zero. Where a partial is infinite at a point, its
/// product with a direction's 0 makes NaN of the entries beside it that share its pass, as in dense forward mode.
/// </remarks>
/// <example><code>
/// var x = Expr.Variable("x", [4]);
/// var differences = (x.Slice(1..) - x.Slice(..^1)).Square();
/// var jacobian = differences.SparseJacobian(x);
/// jacobian.Pattern;           // 3 × 4 with 6 entries
/// jacobian.Passes;            // 2
/// jacobian.Evaluate(Point.Of((x, Tensor.Of(1.0, 2, 4, 7))));      // 3 × 4 with 6 entries: (0, 0) -2, (0, 1) 2, (1, 1) -4, (1, 2) 4, (2, 2) -6, (2, 3) 6
/// </code></example>
public sealed class SparseDerivative
{
    private readonly int[] _partOf;
    private readonly int[] _placeIn;

    private SparseDerivative(
        SparsityPattern pattern, DifferentiationMode mode, int passes, Expr[] parts, int[] partOf, int[] placeIn, ImmutableArray<Variable> variables)
    {
        (Pattern, Mode, Passes, Variables) = (pattern, mode, passes, variables);
        (Parts, _partOf, _placeIn) = ([.. parts], partOf, placeIn);
    }

    /// <summary>Which entries may differ from zero.</summary>
    public SparsityPattern Pattern { get; }

    /// <summary>The variables, in the order of their columns.</summary>
    public ImmutableArray<Variable> Variables { get; }

    /// <summary>
    /// Forward where columns share passes, reverse where rows do. Of a Hessian it says forward: of the gradient.
    /// </summary>
    public DifferentiationMode Mode { get; }

    /// <summary>
    /// How many pushforwards (or pullbacks) give all entries: the colours of the columns (or rows). In forward mode at least
    /// <see cref="SparsityPattern.LargestRow"/>, in reverse mode at least <see cref="SparsityPattern.LargestColumn"/>. Of a
    /// Hessian symmetry may save more.
    /// </summary>
    public int Passes { get; }

    /// <summary>The entries as a formula: a vector of them in the order of the pattern. It differentiates again.</summary>
    /// <example><code>
    /// var x = Expr.Variable("x", [2]);
    /// Expr.Exp(x).SparseJacobian(x).Values.Sum().Gradient().Evaluate(Point.Of((x, Tensor.Of(0.0, 0))));      // { x ↦ [1, 1] }
    /// </code></example>
    public Expr Values
    {
        get
        {
            if (Pattern.Count == 0)
            {
                return Expr.Zeros([0]);
            }

            var starts = new int[Parts.Length];
            for (var part = 1; part < starts.Length; part++)
            {
                starts[part] = starts[part - 1] + Parts[part - 1].Shape.Size;
            }

            var flat = Parts.Select(part => part.Reshape([part.Shape.Size]));
            return Expr.Concatenate(flat).Gather(Tensor.Generate([Pattern.Count], k => (double)(starts[_partOf[k]] + _placeIn[k])));
        }
    }

    /// <summary>The size, the number of entries and that of passes.</summary>
    public override string ToString() => $"{Pattern}, in {Passes} {Mode.ToString().ToLowerInvariant()} {(Passes == 1 ? "pass" : "passes")}";

    /// <summary>What the passes give, from which the entries are picked.</summary>
    internal ImmutableArray<Expr> Parts { get; }

    /// <summary>The entries, picked from the values of the parts.</summary>
    internal T[] Pick<T>(ReadOnlySpan<Tensor<T>> parts)
        where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var arrays = new T[parts.Length][];
        for (var i = 0; i < arrays.Length; i++)
        {
            arrays[i] = parts[i].Array;
        }

        var values = new T[_partOf.Length];
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = arrays[_partOf[k]][_placeIn[k]];
        }

        return values;
    }

    internal static SparseDerivative Jacobian(Expr expression, ReadOnlySpan<Variable> variables, DifferentiationMode mode)
    {
        var keys = VariableKeys.Of(variables.ToArray(), "differentiating");
        var pattern = Sparsity.Of([expression], keys.Variables);
        switch (mode)
        {
            case DifferentiationMode.Forward:
                return ByColumns([expression], keys.Variables, pattern, ColumnColouring.Of(pattern));
            case DifferentiationMode.Reverse:
                return ByRows(expression, keys.Variables, pattern, ColumnColouring.Of(pattern.Transpose()));
            case DifferentiationMode.Automatic:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(mode), mode, "choose Automatic, Forward or Reverse");
        }

        // A direction is coloured only where its bound lets it win.
        var transposed = pattern.Transpose();
        if (pattern.LargestRow <= transposed.LargestRow)
        {
            var columns = ColumnColouring.Of(pattern);
            return ColumnColouring.Count(columns) > transposed.LargestRow
                && ColumnColouring.Of(transposed) is var others && ColumnColouring.Count(others) < ColumnColouring.Count(columns)
                ? ByRows(expression, keys.Variables, pattern, others)
                : ByColumns([expression], keys.Variables, pattern, columns);
        }

        var rows = ColumnColouring.Of(transposed);
        return ColumnColouring.Count(rows) >= pattern.LargestRow
            && ColumnColouring.Of(pattern) is var found && ColumnColouring.Count(found) <= ColumnColouring.Count(rows)
            ? ByColumns([expression], keys.Variables, pattern, found)
            : ByRows(expression, keys.Variables, pattern, rows);
    }

    internal static SparseDerivative Hessian(ReadOnlySpan<Expr> gradient, ReadOnlySpan<Variable> variables)
    {
        var pattern = Symmetric(Sparsity.Of(gradient, variables));
        return ByColumns(gradient, variables, pattern, StarColouring.Of(pattern));
    }

    /// <summary>A pushforward for each colour. An entry is read in its own row where no other column of the colour stands there.</summary>
    private static SparseDerivative ByColumns(
        ReadOnlySpan<Expr> results, ReadOnlySpan<Variable> variables, SparsityPattern pattern, int[] colours)
    {
        var order = TopologicalOrder.Of(results);
        var passes = ColumnColouring.Count(colours);
        var parts = new Expr[passes * results.Length];
        for (var colour = 0; colour < passes; colour++)
        {
            var tangents = new Dictionary<Variable, Expr>();
            var first = 0;
            foreach (var variable in variables)
            {
                if (Direction(variable.Shape, colours, first, colour) is { } direction)
                {
                    tangents[variable] = direction;
                }

                first += variable.Shape.Size;
            }

            var moved = ForwardMode.Tangents(order, tangents, results, fold: true);
            for (var r = 0; r < results.Length; r++)
            {
                parts[(colour * results.Length) + r] = moved[r] ?? Expr.Zeros(results[r].Shape);
            }
        }

        var (resultOf, entryOf) = Places(results.ToArray());
        var (partOf, placeIn) = (new int[pattern.Count], new int[pattern.Count]);
        var timesInRow = new int[passes];
        for (var row = 0; row < pattern.Rows; row++)
        {
            foreach (var column in pattern.Row(row))
            {
                timesInRow[colours[column]]++;
            }

            for (var k = pattern.RowStarts[row]; k < pattern.RowStarts[row + 1]; k++)
            {
                var column = pattern.ColumnIndices[k];

                // Of a symmetric pattern, the mirrored entry stands alone where this one does not.
                var (at, colour) = timesInRow[colours[column]] == 1 ? (row, colours[column]) : (column, colours[row]);
                (partOf[k], placeIn[k]) = ((colour * results.Length) + resultOf[at], entryOf[at]);
            }

            foreach (var column in pattern.Row(row))
            {
                timesInRow[colours[column]] = 0;
            }
        }

        return new(pattern, DifferentiationMode.Forward, passes, parts, partOf, placeIn, [.. variables]);
    }

    /// <summary>A pullback for each colour of rows.</summary>
    private static SparseDerivative ByRows(
        Expr expression, ReadOnlySpan<Variable> variables, SparsityPattern pattern, int[] colours)
    {
        var order = TopologicalOrder.Of(expression);
        var passes = ColumnColouring.Count(colours);
        var parts = new Expr[passes * variables.Length];
        for (var colour = 0; colour < passes; colour++)
        {
            var adjoints = ReverseMode.Adjoints(order, [expression], [Direction(expression.Shape, colours, 0, colour)!], variables);
            for (var v = 0; v < variables.Length; v++)
            {
                parts[(colour * variables.Length) + v] = adjoints[v] ?? Expr.Zeros(variables[v].Shape);
            }
        }

        var (variableOf, entryOf) = Places([.. variables]);
        var (partOf, placeIn) = (new int[pattern.Count], new int[pattern.Count]);
        for (var row = 0; row < pattern.Rows; row++)
        {
            for (var k = pattern.RowStarts[row]; k < pattern.RowStarts[row + 1]; k++)
            {
                var column = pattern.ColumnIndices[k];
                (partOf[k], placeIn[k]) = ((colours[row] * variables.Length) + variableOf[column], entryOf[column]);
            }
        }

        return new(pattern, DifferentiationMode.Reverse, passes, parts, partOf, placeIn, [.. variables]);
    }

    /// <summary>1 at the entries of a colour and 0 elsewhere; null where there are none.</summary>
    private static Expr? Direction(Shape shape, int[] colours, int first, int colour)
    {
        var count = colours.AsSpan(first, shape.Size).Count(colour);
        return count == 0 ? null
            : count == shape.Size ? Expr.Full(shape, 1)
            : Tensor.Generate(shape, i => colours[first + i] == colour ? 1.0 : 0.0);
    }

    /// <summary>For each position of expressions laid one after the other, which one it is in and where.</summary>
    private static (int[] Which, int[] Entry) Places(Expr[] expressions)
    {
        var (which, entry) = (new List<int>(), new List<int>());
        for (var i = 0; i < expressions.Length; i++)
        {
            for (var k = 0; k < expressions[i].Shape.Size; k++)
            {
                which.Add(i);
                entry.Add(k);
            }
        }

        return ([.. which], [.. entry]);
    }

    // Terms that cancel on one side of the diagonal need not on the other.
    private static SparsityPattern Symmetric(SparsityPattern pattern)
    {
        var transposed = pattern.Transpose();
        if (transposed.Equals(pattern))
        {
            return pattern;
        }

        var union = new IndexUnion(pattern.Columns);
        var starts = new int[pattern.Rows + 1];
        var columns = new List<int>();
        for (var row = 0; row < pattern.Rows; row++)
        {
            union.Add(pattern.Row(row).ToArray());
            union.Add(transposed.Row(row).ToArray());
            columns.AddRange(union.Take());
            starts[row + 1] = columns.Count;
        }

        return SparsityPattern.Seal(pattern.Rows, pattern.Columns, starts, [.. columns]);
    }
}
