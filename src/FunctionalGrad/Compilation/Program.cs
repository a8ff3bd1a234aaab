namespace FunctionalGrad;

/// <summary>
/// What a buffer holds: a variable's value, a constant, or what a step computes. What one loop leaves for each step of another
/// is in rows, each in memory of its own, so that neither needs to copy it.
/// </summary>
internal sealed record Buffer(int Size, Expr? Source, int Rows = 0);

/// <summary>One step of a program: it reads some buffers and writes others.</summary>
internal abstract record Step
{
    public abstract IEnumerable<int> Reads { get; }

    public abstract IEnumerable<int> Writes { get; }

    /// <summary>How many arithmetic operations it takes, a kernel counting as one for each entry.</summary>
    public abstract long Flops { get; }

    /// <summary>How many numbers it reads and writes, each once.</summary>
    public abstract long Moved { get; }

    /// <summary>The same step over other memory.</summary>
    public abstract Step InSlots(Converter<View, View> moved);
}

/// <summary>What an operation of a loop works on: an earlier operation of it, something read from memory, or a number.</summary>
internal readonly record struct Argument(ArgumentKind Kind, int Index, double Number = 0);

internal enum ArgumentKind
{
    Operation,
    Input,
    Number,
}

/// <summary>One elementwise operation of a loop, and its turn among all operations of the program as they were lowered.</summary>
internal sealed record Operation(ElementwisePrimitive Primitive, Argument[] Arguments, int Turn);

/// <summary>
/// What a loop writes: the value of an operation at every entry, or the sum of the values over the axes along which the
/// target stays where it is.
/// </summary>
internal sealed record LoopOutput(int Operation, View Target, bool IsSum);

/// <summary>
/// A loop over an index space in which every operation works entry by entry: what is read once and used often stays in
/// registers, and only what is needed outside is written.
/// </summary>
internal sealed record LoopStep(Shape Space) : Step
{
    /// <summary>The axes from the outermost loop to the innermost.</summary>
    public required int[] AxisOrder { get; set; }

    public List<View> Inputs { get; } = [];

    public List<Operation> Operations { get; } = [];

    public List<LoopOutput> Outputs { get; } = [];

    public override IEnumerable<int> Reads => Inputs.Select(input => input.Buffer);

    public override long Flops => (long)Space.Size * (Operations.Count + Outputs.Count(output => output.IsSum));

    public override long Moved => Inputs.Sum(input => (long)input.Reached) + Outputs.Sum(output => (long)output.Target.Reached);

    /// <summary>How many operations on lanes it takes for one entry.</summary>
    public int Weight { get; set; }

    /// <summary>The same loop with its operations in their turn: where a value is used soon, few of them wait in registers.</summary>
    public LoopStep InTurn()
    {
        int[] order = [.. Enumerable.Range(0, Operations.Count).OrderBy(i => Operations[i].Turn)];
        var places = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            places[order[i]] = i;
        }

        var loop = new LoopStep(Space) { AxisOrder = AxisOrder, Weight = Weight };
        loop.Inputs.AddRange(Inputs);
        loop.Operations.AddRange(order.Select(i => Operations[i] with
        {
            Arguments = Array.ConvertAll(Operations[i].Arguments, argument =>
                argument.Kind == ArgumentKind.Operation ? argument with { Index = places[argument.Index] } : argument),
        }));
        loop.Outputs.AddRange(Outputs.Select(output => output with { Operation = places[output.Operation] }));
        return loop;
    }

    public override LoopStep InSlots(Converter<View, View> moved)
    {
        var loop = new LoopStep(Space) { AxisOrder = AxisOrder, Weight = Weight };
        loop.Inputs.AddRange(Inputs.ConvertAll(moved));
        loop.Operations.AddRange(Operations);
        loop.Outputs.AddRange(Outputs.Select(output => output with { Target = moved(output.Target) }));
        return loop;
    }

    public override IEnumerable<int> Writes => Outputs.Select(output => output.Target.Buffer);
}

/// <summary>Entries moved to where another view of the same shape has them.</summary>
internal sealed record CopyStep(View Source, View Target) : Step
{
    public override IEnumerable<int> Reads => [Source.Buffer];

    public override IEnumerable<int> Writes => [Target.Buffer];

    public override long Flops => 0;

    public override long Moved => Source.Reached + (long)Target.Reached;

    public override Step InSlots(Converter<View, View> moved) => new CopyStep(moved(Source), moved(Target));
}

/// <summary>
/// A batch of matrix products by strides: target[b, i, j] = Σₖ left[b, i, k] · right[b, k, j]. Columns stand side by side in
/// the target; in right too, so that lanes run along them, unless the products are large or <paramref name="Dot"/> says that
/// the summed axis stands side by side in both operands.
/// </summary>
internal sealed record ProductStep(View Left, View Right, View Target, ProductLayout Layout, bool Dot) : Step
{
    public override IEnumerable<int> Reads => [Left.Buffer, Right.Buffer];

    public override IEnumerable<int> Writes => [Target.Buffer];

    public override long Flops => 2L * Layout.Batch * Layout.Rows * Layout.Summed * Layout.Columns;

    public override long Moved => Left.Reached + (long)Right.Reached + Target.Reached;

    public override Step InSlots(Converter<View, View> moved) => this with { Left = moved(Left), Right = moved(Right), Target = moved(Target) };
}

/// <summary>A sum over axes: target gets the sum of the entries of source that differ in the summed axes alone.</summary>
internal sealed record SumStep(View Source, View Target, int[] SummedAxes) : Step
{
    public override IEnumerable<int> Reads => [Source.Buffer];

    public override IEnumerable<int> Writes => [Target.Buffer];

    public override long Flops => Source.Shape.Size;

    public override long Moved => Source.Reached + (long)Target.Reached;

    public override Step InSlots(Converter<View, View> moved) => this with { Source = moved(Source), Target = moved(Target) };
}

/// <summary>
/// A sum of parts, each over its own region of a target that is zero elsewhere, in order: what a gradient by a variable is
/// that was used slice by slice.
/// </summary>
internal sealed record AssembleStep(View[] Parts, View[] Regions, View Target) : Step
{
    public override IEnumerable<int> Reads => Parts.Select(part => part.Buffer);

    public override IEnumerable<int> Writes => [Target.Buffer];

    public override long Flops => Parts.Sum(part => (long)part.Shape.Size);

    public override long Moved => Parts.Sum(part => (long)part.Reached) + Target.Reached;

    public override Step InSlots(Converter<View, View> moved) =>
        new AssembleStep(Array.ConvertAll(Parts, moved), Array.ConvertAll(Regions, moved), moved(Target));
}

/// <summary>Parts moved to regions of a target, one after the other; together they fill it, and later ones lie over earlier ones.</summary>
internal sealed record JoinStep(View[] Parts, View[] Regions, View Target) : Step
{
    public override IEnumerable<int> Reads => Parts.Select(part => part.Buffer);

    public override IEnumerable<int> Writes => [Target.Buffer];

    public override long Flops => 0;

    public override long Moved => Parts.Sum(part => (long)part.Reached) + Target.Reached;

    public override Step InSlots(Converter<View, View> moved) =>
        new JoinStep(Array.ConvertAll(Parts, moved), Array.ConvertAll(Regions, moved), moved(Target));
}

/// <summary>A primitive run as the interpreter runs it, on dense row-major operands.</summary>
internal sealed record CallStep(Application Node, View[] Operands, View Target) : Step
{
    public override IEnumerable<int> Reads => Operands.Select(operand => operand.Buffer);

    public override IEnumerable<int> Writes => [Target.Buffer];

    public override long Flops => Target.Shape.Size;

    public override long Moved => Operands.Sum(operand => (long)operand.Reached) + Target.Reached;

    public override Step InSlots(Converter<View, View> moved) => this with { Operands = Array.ConvertAll(Operands, moved), Target = moved(Target) };
}

/// <summary>
/// A loop, its body a program of its own. A result that nobody asks for has no target; where the rows of steps that were not
/// taken might be read, they are filled with zeros. Operands and targets in rows have one slot after the other.
/// </summary>
internal sealed record RecurrenceStep(Recurrence Loop, View[] Operands, View?[] Targets, bool[] Fills, bool[] OperandsInRows, bool[] TargetsInRows) : Step
{
    public override IEnumerable<int> Reads => Operands.Select(operand => operand.Buffer);

    public override IEnumerable<int> Writes => Targets.OfType<View>().Select(target => target.Buffer);

    public override long Flops
    {
        get
        {
            var inOneStep = 0L;
            foreach (var node in Loop.Body.Order.Nodes)
            {
                inOneStep += node is Application ? node.Shape.Size : 0;
            }

            return Loop.Form.Length * inOneStep;
        }
    }

    public override long Moved => Operands.Sum(operand => (long)operand.Reached) + Targets.Sum(target => (long)(target?.Reached ?? 0));

    public override Step InSlots(Converter<View, View> moved) => this with
    {
        Operands = Array.ConvertAll(Operands, moved),
        Targets = Array.ConvertAll(Targets, target => target is null ? null : moved(target)),
    };
}

/// <summary>Steps in order over buffers, with where the results lie: dense, in row-major order.</summary>
internal sealed record Program(IReadOnlyList<Step> Steps, IReadOnlyList<Buffer> Buffers, IReadOnlyList<View> Results)
{
    /// <summary>The variables whose values are read, in the order of their buffers.</summary>
    public Variable[] Variables { get; } = [.. Buffers.Select(buffer => buffer.Source).OfType<Variable>()];

    /// <summary>Where among its variables one stands.</summary>
    public int PlaceOf(Variable variable) => Array.IndexOf(Variables, variable);
}
