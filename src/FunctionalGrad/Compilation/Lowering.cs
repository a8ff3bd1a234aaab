namespace FunctionalGrad;

/// <summary>
/// From a graph to a program: elementwise chains become loops, contractions become matrix products by strides, and what
/// only rearranges becomes a view.
/// </summary>
internal sealed partial class Lowering
{
    // Well below the size at which the JIT gives up optimising a method.
    private const int MostOperations = 600;

    private readonly TopologicalOrder _order;
    private readonly List<Step> _steps = [];
    private readonly List<Buffer> _buffers = [];
    private readonly List<int> _producers = [];
    private readonly Place[] _places;

    // For each loop, the nodes whose values its operations are.
    private readonly Dictionary<int, List<int>> _nodesOf = [];

    private Lowering(TopologicalOrder order)
    {
        _order = order;
        _places = new Place[order.Count];
    }

    /// <summary>Where the value of a node is: a number, a view of memory, or the result of an operation of a loop.</summary>
    private readonly record struct Place(double? Number, View? View, int Step, int Operation)
    {
        public static Place Of(View view) => new(null, view, -1, -1);

        public static Place Of(double number) => new(number, null, -1, -1);
    }

    public static Program Lower(ReadOnlySpan<Expr> roots)
    {
        var order = TopologicalOrder.Of(roots);
        var lowering = new Lowering(order);
        for (var i = 0; i < order.Count; i++)
        {
            var place = lowering.Lower(order.Nodes[i], i);
            lowering._places[i] = place;
            if (place.Operation >= 0)
            {
                lowering.NodesOf(place.Step).Add(i);
            }
        }

        var results = new View[roots.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = lowering.RowMajor(order.PositionOf(roots[i]));
        }

        return new([.. lowering._steps.Where(step => step is not LoopStep { Outputs.Count: 0 })], lowering._buffers, results);
    }

    private Place Lower(Expr node, int position)
    {
        switch (node)
        {
            case Variable:
                return Place.Of(View.RowMajor(NewBuffer(node.Shape.Size, node, -1), node.Shape));
            case Constant constant when constant.Value.Size == 1:
                return Place.Of(constant.Value.Values[0]);
            case Constant:
                return Place.Of(View.RowMajor(NewBuffer(node.Shape.Size, node, -1), node.Shape));
        }

        var application = (Application)node;
        var inputs = _order.InputsOf(position);
        switch (application.Primitive)
        {
            case Broadcast:
                return _places[inputs[0]].Number is { } repeated ? Place.Of(repeated) : Place.Of(ViewOf(inputs[0]).BroadcastTo(node.Shape));
            case Reshape:
                return _places[inputs[0]].Number is { } reshaped ? Place.Of(reshaped)
                    : Place.Of(ViewOf(inputs[0]).TryReshape(node.Shape) ?? RowMajor(inputs[0]).TryReshape(node.Shape)!);
            case Permute permute:
                return Place.Of(ViewOf(inputs[0]).Permute(permute.Axes.AsSpan(), node.Shape));
            case Slice slice:
                return Place.Of(ViewOf(inputs[0]).Slice(slice.Starts.AsSpan(), slice.Steps.AsSpan(), node.Shape));
            case ElementwisePrimitive elementwise:
                return Fuse(elementwise, inputs, node.Shape);
            case Contraction contraction:
                return Place.Of(Product(contraction, inputs, node.Shape));
            case Sum sum:
                return Place.Of(SumOver(sum, inputs[0], node.Shape));
            default:
                return Place.Of(Call(application, inputs));
        }
    }

    /// <summary>
    /// Adds an operation to the loop that computed its latest input, or to a new one. Loops that nothing else has asked for
    /// yet move into it: they had no need to run before.
    /// </summary>
    private Place Fuse(ElementwisePrimitive primitive, ReadOnlySpan<int> inputs, Shape shape)
    {
        if (primitive == RealPower.Primitive && _places[inputs[1]].Number is { } exponent && FixedPower.Of(exponent) is { } power)
        {
            return Fuse(power, inputs[..1], shape);
        }

        var latest = -1;
        foreach (var input in inputs)
        {
            latest = Math.Max(latest, Available(input));
        }

        var weight = Weight(primitive, inputs.Length);
        var index = latest;
        if (latest < 0 || _steps[latest] is not LoopStep candidate || candidate.Space != shape
            || candidate.Weight + weight > MostOperations || ReadsWhatItWrites(latest, inputs))
        {
            index = _steps.Count;
            _steps.Add(new LoopStep(shape, AxisOrder(inputs, shape)));
        }

        var loop = (LoopStep)_steps[index];
        foreach (var input in inputs)
        {
            var place = _places[input];
            if (place.Number is null && place.View is null && place.Step != index
                && _steps[place.Step] is LoopStep { Outputs.Count: 0 } other && other.Space == shape
                && loop.Weight + other.Weight + weight <= MostOperations)
            {
                Move(place.Step, index);
            }
        }

        var arguments = new Argument[inputs.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = ArgumentOf(loop, index, inputs[i], shape);
        }

        loop.Operations.Add(new(primitive, arguments));
        loop.Weight += weight;
        return new(null, null, index, loop.Operations.Count - 1);
    }

    /// <summary>Moves the operations of a loop behind those of a later one.</summary>
    private void Move(int from, int to)
    {
        var (source, target) = ((LoopStep)_steps[from], (LoopStep)_steps[to]);
        var first = target.Operations.Count;
        foreach (var operation in source.Operations)
        {
            target.Operations.Add(operation with
            {
                Arguments = Array.ConvertAll(operation.Arguments, argument => argument.Kind switch
                {
                    ArgumentKind.Operation => argument with { Index = first + argument.Index },
                    ArgumentKind.Input => argument with { Index = InputOf(target, source.Inputs[argument.Index]) },
                    _ => argument,
                }),
            });
        }

        target.Weight += source.Weight;
        foreach (var node in _nodesOf[from])
        {
            _places[node] = _places[node] with { Step = to, Operation = first + _places[node].Operation };
            NodesOf(to).Add(node);
        }

        _nodesOf.Remove(from);
        _steps[from] = new LoopStep(source.Space, source.AxisOrder);
    }

    private List<int> NodesOf(int step)
    {
        if (!_nodesOf.TryGetValue(step, out var nodes))
        {
            _nodesOf.Add(step, nodes = []);
        }

        return nodes;
    }

    // Kernels differ: a sum is one operation on lanes, a tangent dozens.
    private static int Weight(ElementwisePrimitive primitive, int operands)
    {
        var arguments = Enumerable.Range(0, operands).Select(i => new LaneOperation(LaneOperation.Argument, [], i)).ToArray();
        return LaneOperation.InOrder([primitive.Record<double>(arguments)]).Operations.Count(operation => operation.Inputs.Length > 0);
    }

    // A loop cannot read from memory what it only writes there: another entry of it may not have been written yet.
    private bool ReadsWhatItWrites(int step, ReadOnlySpan<int> inputs)
    {
        foreach (var input in inputs)
        {
            if (_places[input].View is { } view && _producers[view.Buffer] == step)
            {
                return true;
            }
        }

        return false;
    }

    private Argument ArgumentOf(LoopStep loop, int index, int position, Shape shape)
    {
        var place = _places[position];
        if (place.Number is { } number)
        {
            return new(ArgumentKind.Number, 0, number);
        }

        if (place.View is null && place.Step == index)
        {
            return new(ArgumentKind.Operation, place.Operation);
        }

        var view = ViewOf(position);
        return new(ArgumentKind.Input, InputOf(loop, view.Shape == shape ? view : view.BroadcastTo(shape)));
    }

    private static int InputOf(LoopStep loop, View view)
    {
        var known = loop.Inputs.FindIndex(view.SameAs);
        if (known < 0)
        {
            known = loop.Inputs.Count;
            loop.Inputs.Add(view);
        }

        return known;
    }

    /// <summary>The order of axes, outermost first, in which the inputs that fill the space lie in memory; row-major where they differ.</summary>
    private int[] AxisOrder(ReadOnlySpan<int> inputs, Shape shape)
    {
        int[] rowMajor = [.. Enumerable.Range(0, shape.Rank)];
        int[]? common = null;
        foreach (var input in inputs)
        {
            var place = _places[input];
            if (place.Number is not null)
            {
                continue;
            }

            var order = place.View is { } view ? Order(view, shape) : ((LoopStep)_steps[place.Step]).AxisOrder;
            if (order is null)
            {
                continue;
            }

            if (common is not null && !common.AsSpan().SequenceEqual(order))
            {
                return rowMajor;
            }

            common = order;
        }

        return common ?? rowMajor;

        static int[]? Order(View view, Shape shape)
        {
            if (view.Shape != shape)
            {
                return null;
            }

            for (var axis = 0; axis < shape.Rank; axis++)
            {
                if (view.Strides[axis] == 0 && shape[axis] > 1)
                {
                    return null;
                }
            }

            return [.. Enumerable.Range(0, shape.Rank).OrderByDescending(axis => shape[axis] == 1 ? int.MaxValue : view.Strides[axis])];
        }
    }

    private View Product(Contraction contraction, ReadOnlySpan<int> inputs, Shape shape)
    {
        var plan = ProductPlan.Of(contraction, ViewOf(inputs[0]), ViewOf(inputs[1]), shape, Copy);
        var target = new View(NewBuffer(shape.Size, null, _steps.Count), 0, plan.TargetStrides, shape);
        _steps.Add(new ProductStep(plan.Left, plan.Right, target, plan.Layout, plan.Dot));
        return target;
    }

    /// <summary>A sum over what a loop computes is taken along with it, and its terms need never be written.</summary>
    private View SumOver(Sum sum, int input, Shape shape)
    {
        var place = _places[input];
        if (place.View is null && place.Number is null)
        {
            var target = View.RowMajor(NewBuffer(shape.Size, null, place.Step), shape);
            var loop = (LoopStep)_steps[place.Step];
            var strides = new int[loop.Space.Rank];
            for (var (axis, kept) = (0, 0); axis < strides.Length; axis++)
            {
                strides[axis] = sum.Axes.Contains(axis) ? 0 : target.Strides[kept++];
            }

            loop.Outputs.Add(new(place.Operation, target with { Strides = strides, Shape = loop.Space }, IsSum: true));
            return target;
        }

        var source = ViewOf(input);
        var own = View.RowMajor(NewBuffer(shape.Size, null, _steps.Count), shape);
        _steps.Add(new SumStep(source, own, [.. sum.Axes]));
        return own;
    }

    private View Call(Application application, ReadOnlySpan<int> inputs)
    {
        var operands = new View[inputs.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = RowMajor(inputs[i]);
        }

        var target = View.RowMajor(NewBuffer(application.Shape.Size, null, _steps.Count), application.Shape);
        _steps.Add(new CallStep(application, operands, target));
        return target;
    }
}
