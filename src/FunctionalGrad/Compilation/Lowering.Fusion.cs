namespace FunctionalGrad;

/// <content>Which operations go together in one loop.</content>
internal sealed partial class Lowering
{
    // Well below the size at which the JIT gives up optimising a method.
    private const int MostOperations = 600;

    // For each loop, the nodes whose values its operations are.
    private readonly Dictionary<int, List<int>> _nodesOf = [];

    // How many operations there were.
    private int _turn;

    // For each space, the loop that takes what a full one has no room for.
    private readonly Dictionary<Shape, int> _goingOn = [];

    /// <summary>
    /// Adds an operation to the loop that computed its latest input, or to a new one. Loops that nothing else has asked for
    /// yet move into it: they had no need to run before.
    /// </summary>
    private Place Fuse(ElementwisePrimitive primitive, ReadOnlySpan<int> inputs, Shape shape)
    {
        shape = shape.Size == 1 ? Shape.Scalar : shape;
        if (primitive == RealPower.Primitive && _places[inputs[1]].Number is { } exponent && FixedPower.Of(exponent) is { } power)
        {
            return Fuse(power, inputs[..1], shape);
        }

        var latest = -1;
        foreach (var input in inputs)
        {
            latest = Math.Max(latest, Available(input));
        }

        var weight = primitive.Weight;
        var index = LoopFor(latest, weight, inputs, shape);
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

        loop.Operations.Add(new(primitive, arguments, _turn++));
        loop.Weight += weight;
        return new(null, null, index, loop.Operations.Count - 1);
    }

    /// <summary>The loop to add an operation to: that of its latest input, the one that goes on where that is full, or a new one.</summary>
    private int LoopFor(int latest, int weight, ReadOnlySpan<int> inputs, Shape shape)
    {
        var isFull = false;
        if (latest >= 0 && _steps[latest] is LoopStep candidate && candidate.Space == shape && !ReadsWhatItWrites(latest, inputs))
        {
            isFull = candidate.Weight + weight > MostOperations;
            if (!isFull)
            {
                return latest;
            }

            if (_goingOn.TryGetValue(shape, out var next) && next > latest && ((LoopStep)_steps[next]).Weight + weight <= MostOperations
                && !ReadsWhatItWrites(next, inputs))
            {
                return next;
            }
        }

        _steps.Add(NewLoop(shape));
        if (isFull)
        {
            _goingOn[shape] = _steps.Count - 1;
        }

        return _steps.Count - 1;
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
        _steps[from] = NewLoop(source.Space);
    }

    private List<int> NodesOf(int step)
    {
        if (!_nodesOf.TryGetValue(step, out var nodes))
        {
            _nodesOf.Add(step, nodes = []);
        }

        return nodes;
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

        if (place.View is null && IsCheap((LoopStep)_steps[place.Step], place.Operation))
        {
            return Repeated(loop, (LoopStep)_steps[place.Step], place.Operation);
        }

        var view = ViewOf(position);
        return new(ArgumentKind.Input, InputOf(loop, InSpace(view, shape)));
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

    /// <summary>A sum over what a loop computes is taken along with it, and its terms need never be written.</summary>
    private View SumOver(Sum sum, int input, Shape shape)
    {
        var place = _places[input];
        if (place.View is null && place.Number is null)
        {
            var loop = (LoopStep)_steps[place.Step];
            SettleOrder(loop, isResult: false);
            if (loop.Space.IsScalar)
            {
                var only = View.RowMajor(NewBuffer(1, null, place.Step), shape);
                loop.Outputs.Add(new(place.Operation, InSpace(only, loop.Space), IsSum: true));
                return only;
            }

            // What is left lies in the order in which the loop walks, so that lanes add to neighbours.
            int[] left = [.. Enumerable.Range(0, loop.Space.Rank).Where(axis => !sum.Axes.Contains(axis))];
            int[] order = [.. loop.AxisOrder.Where(axis => !sum.Axes.Contains(axis)).Select(axis => Array.IndexOf(left, axis))];
            var target = Dense(NewBuffer(shape.Size, null, place.Step), shape, order);
            var strides = new int[loop.Space.Rank];
            for (var kept = 0; kept < left.Length; kept++)
            {
                strides[left[kept]] = target.Strides[kept];
            }

            loop.Outputs.Add(new(place.Operation, target with { Strides = strides, Shape = loop.Space }, IsSum: true));
            return target;
        }

        var source = ViewOf(input);
        var own = View.RowMajor(NewBuffer(shape.Size, null, _steps.Count), shape);
        _steps.Add(new SumStep(source, own, [.. sum.Axes]));
        return own;
    }
}
