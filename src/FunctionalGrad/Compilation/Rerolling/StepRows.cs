namespace FunctionalGrad;

/// <summary>
/// What the nodes of some steps give, a row for each step: rows lie in the order in which the steps' loops go over them. Rows
/// of single numbers, whatever their shape, make a vector, so that all that works on such numbers goes together.
/// </summary>
/// <param name="steps">The steps.</param>
/// <param name="nodes">The operations.</param>
/// <param name="valueAt">What stands at a position of the order that no row is for, or one row.</param>
/// <param name="others">The rows of other steps.</param>
internal sealed class StepRows(RolledSteps steps, RepeatedNodes nodes, Func<int, Expr> valueAt, Func<RolledSteps, StepRows> others)
{
    private const int LongestDoneAnew = 4;

    // Of nodes that give the same at every step, that.
    private readonly Dictionary<int, (Expr Value, bool IsSame)> _known = [];
    private readonly Dictionary<(int Node, int Lag), Expr> _later = [];
    private readonly Dictionary<StepOperand, Expr> _read = [];

    public Shape ShapeOf(int node) => nodes.At(steps.PlaceOf(0, node)).Shape;

    /// <summary>Adds the rows of a node.</summary>
    public void Add(int node, Expr rows) => _known.Add(node, (rows.Reshape(RowOf(ShapeOf(node)).Behind(steps.Count)), false));

    /// <summary>Lets all steps do at once what a node does.</summary>
    public void Map(int node)
    {
        if (steps.Operands[node] is [StepOperand.SlicedRow row])
        {
            Add(node, Read(row, node, 0));
            return;
        }

        var application = nodes.At(steps.PlaceOf(0, node));
        var operands = new Expr[steps.Operands[node].Length];
        var batched = new bool[operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            (operands[i], var isSame) = Operand(node, i);
            batched[i] = !isSame;
        }

        if (!batched.Contains(true))
        {
            _known.Add(node, (application.With(operands), true));
        }
        else if (application.Primitive is ElementwisePrimitive)
        {
            // Of numbers, one may still have axes.
            Add(node, application.Primitive.Apply(application.Shape.Size > 1 ? operands : Array.ConvertAll(operands, operand => operand.Shape.Size > 1 ? operand : operand.Reshape([]))));
        }
        else
        {
            Add(node, application.Shape.Size == 1 && application.Input(0).Shape.Size == 1
                ? operands[0]
                : application.Primitive.Batch(application, [operands[0].Reshape(application.Input(0).Shape.Behind(steps.Count))], batched, steps.Count)!);
        }
    }

    /// <summary>What an operand is at every step: rows, or one value for all.</summary>
    public (Expr Value, bool IsSame) Operand(int node, int operand) => steps.Operands[node][operand] switch
    {
        StepOperand.Fixed same => (valueAt(same.Position), true),
        StepOperand.OfStep former when _known.TryGetValue(former.Node, out var known) && (known.IsSame || former.Lag == 0) => known,
        StepOperand.OfStep former => (former.Lag == 0 ? All(former.Node) : Later(former), false),
        StepOperand.RowOf row when others(row.Steps)._known.TryGetValue(row.Node, out var known) && known.IsSame => known,
        var read => (Read(read, node, operand), false),
    };

    /// <summary>The value of a node at one step; null where there are no rows of it.</summary>
    public Expr? At(int step, int node) =>
        !_known.TryGetValue(node, out var known) ? null : known.IsSame ? known.Value : known.Value.At(steps.RowOf(step)).Reshape(ShapeOf(node));

    /// <summary>All rows of a node.</summary>
    public Expr All(int node)
    {
        if (!_known.TryGetValue(node, out var known))
        {
            // Written out, they are put side by side.
            known = (InOrder(step => valueAt(nodes.PositionOf(steps.PlaceOf(step, node))), 0, steps.Count), false);
            _known.Add(node, known);
        }

        return known.IsSame ? known.Value.Reshape(RowOf(known.Value.Shape)).BroadcastTo(RowOf(known.Value.Shape).Behind(steps.Count)) : known.Value;
    }

    // Rows as later steps see them: those of some steps before come first.
    private Expr Later(StepOperand.OfStep former)
    {
        if (!_later.TryGetValue((former.Node, former.Lag), out var rows))
        {
            rows = FromLaterOperands(former.Node, former.Lag)
                ?? Shifted(All(former.Node), former.Lag, step => valueAt(nodes.PositionOf(steps.PlaceOf(step, former.Node))));
            _later.Add((former.Node, former.Lag), rows);
        }

        return rows;
    }

    // Where the operands of a short operation lie in line, doing it anew over those saves moving what it gave.
    private Expr? FromLaterOperands(int node, int lag)
    {
        var application = nodes.At(steps.PlaceOf(0, node));
        if (steps.Levels[node] % 2 == 1 || application.Shape.Size > 1 || application.Primitive is not ElementwisePrimitive { Weight: <= LongestDoneAnew })
        {
            return null;
        }

        var operands = new Expr[steps.Operands[node].Length];
        for (var i = 0; i < operands.Length; i++)
        {
            var (value, isSame) = Operand(node, i);
            var operand = i;
            operands[i] = isSame ? value.Reshape([]) : Shifted(value, lag, step => valueAt(nodes.OperandsOf(steps.PlaceOf(step, node))[operand]));
            if (operands[i] is Application { Primitive: Concatenate } || (isSame && !IsSameBefore(node, i, lag)))
            {
                return null;
            }
        }

        return application.Primitive.Apply(operands);
    }

    private bool IsSameBefore(int node, int operand, int lag)
    {
        for (var step = -lag; step < 0; step++)
        {
            if (nodes.OperandsOf(steps.PlaceOf(step, node))[operand] != nodes.OperandsOf(steps.PlaceOf(0, node))[operand])
            {
                return false;
            }
        }

        return true;
    }

    private Expr Shifted(Expr rows, int lag, Func<int, Expr> valueOf)
    {
        var before = InOrder(valueOf, -lag, lag);
        return AdjacentParts.Join(steps.IsReversed ? [rows.Slice(lag..), before] : [before, rows.Slice(..^lag)]);
    }

    private static Shape RowOf(Shape shape) => shape.Size == 1 ? Shape.Scalar : shape;

    private Expr InOrder(Func<int, Expr> valueOf, int first, int count) =>
        AdjacentParts.Join([.. Enumerable.Range(0, count)
            .Select(i => valueOf(first + (steps.IsReversed ? count - 1 - i : i))).Select(value => value.Reshape(RowOf(value.Shape).Behind(1)))]);

    private Expr Read(StepOperand operand, int node, int input)
    {
        if (operand is StepOperand.Number)
        {
            return Numbers(node, input);
        }

        if (!_read.TryGetValue(operand, out var rows))
        {
            rows = operand is StepOperand.RowOf row
                ? InLine(others(row.Steps).All(row.Node), row.First, row.Direction)
                : Sliced((StepOperand.SlicedRow)operand, node);
            _read.Add(operand, rows);
        }

        return rows;
    }

    private Expr InLine(Expr rows, int first, int direction)
    {
        var part = direction > 0 ? rows.Slice(first..(first + steps.Count)) : rows.Slice((first - steps.Count + 1)..(first + 1));
        return direction > 0 == !steps.IsReversed ? part : part.Gather(Tensor.Generate([steps.Count], i => steps.Count - 1.0 - i));
    }

    private Expr Sliced(StepOperand.SlicedRow row, int node)
    {
        var (source, slice) = (valueAt(row.Source), (Slice)nodes.At(steps.PlaceOf(0, node)).Primitive);
        var (starts, counts, apart) = (slice.Starts.ToArray(), ShapeOf(node).Extents.ToArray(), slice.Steps.ToArray());
        (starts[0], counts[0], apart[0]) = (0, source.Shape[0], 1);
        return InLine(source.Slice(starts, counts, apart).Reshape(RowOf(ShapeOf(node)).Behind(counts[0])), row.First, row.Direction);
    }

    private Expr Numbers(int node, int input)
    {
        var shape = nodes.At(steps.PlaceOf(0, node)).Input(input).Shape;
        var numbers = new double[steps.Count * shape.Size];
        for (var step = 0; step < steps.Count; step++)
        {
            var constant = (Constant)nodes.At(steps.PlaceOf(step, node)).Input(input);
            constant.Value.Values.CopyTo(numbers.AsSpan(steps.RowOf(step) * shape.Size));
        }

        return Tensor.Of(RowOf(shape).Behind(steps.Count), numbers);
    }
}
