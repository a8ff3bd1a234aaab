namespace FunctionalGrad;

/// <summary>
/// From a graph to a program: elementwise chains become loops, contractions become matrix products by strides, and what
/// only rearranges becomes a view.
/// </summary>
internal sealed partial class Lowering
{
    private readonly TopologicalOrder _order;
    private readonly List<Step> _steps = [];
    private readonly List<Buffer> _buffers = [];
    private readonly List<int> _producers = [];
    private readonly Place[] _places;

    // The single numbers that are others in another shape.
    private readonly Dictionary<int, int> _sameAs = [];

    private readonly Uses _uses;
    private readonly bool[] _isRoot;

    private Lowering(TopologicalOrder order, ReadOnlySpan<Expr> roots)
    {
        _order = order;
        _places = new Place[order.Count];
        _uses = Uses.Of(order);
        _isRoot = new bool[order.Count];
        _isInAssembly = new bool[order.Count];
        foreach (var root in roots)
        {
            _isRoot[order.PositionOf(root)] = true;
        }

        FindAssemblies();
        FindLoops();
    }

    /// <summary>Where the value of a node is: a number, a view of memory, or the result of an operation of a loop.</summary>
    private readonly record struct Place(double? Number, View? View, int Step, int Operation)
    {
        /// <summary>Nowhere: whoever uses the value computes it along with its own.</summary>
        public static Place None { get; } = new(null, null, -1, -1);

        /// <summary>Whether it is in a register of a loop and nowhere else.</summary>
        public bool IsInLoop => View is null && Operation >= 0;

        public static Place Of(View view) => new(null, view, -1, -1);

        public static Place Of(double number) => new(number, null, -1, -1);
    }

    public static Program Lower(TopologicalOrder order, ReadOnlySpan<Expr> roots)
    {
        var lowering = new Lowering(order, roots);
        foreach (var i in Locality.Of(order, lowering._uses))
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

        return new(
            [.. lowering._steps.Where(step => step is not LoopStep { Outputs.Count: 0 }).Select(step => step is LoopStep loop ? loop.InTurn() : step)],
            lowering._buffers,
            results);
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
            case Broadcast or Reshape or Permute or Slice when node.Shape.Size == 1 && _order.Nodes[inputs[0]].Shape.Size == 1 && _places[inputs[0]].IsInLoop:
                _sameAs[position] = inputs[0];
                return _places[inputs[0]];
            case Broadcast:
                return _places[inputs[0]].Number is { } repeated ? Place.Of(repeated) : Place.Of(ViewOf(inputs[0]).BroadcastTo(node.Shape));
            case Reshape:
                return _places[inputs[0]].Number is { } reshaped ? Place.Of(reshaped)
                    : Place.Of(ViewOf(inputs[0]).TryReshape(node.Shape) ?? RowMajor(inputs[0]).TryReshape(node.Shape)!);
            case Permute permute when _order.Nodes[inputs[0]] is Application { Primitive: Contraction product } && IsPermutedOnly(inputs[0]):
                var (left, right, result) = product.Labels;
                return Place.Of(Product((left, right, string.Concat(permute.Axes.Select(axis => result[axis]))), _order.InputsOf(inputs[0]), node.Shape));
            case Permute permute:
                return Place.Of(ViewOf(inputs[0]).Permute(permute.Axes.AsSpan(), node.Shape));
            case Slice slice:
                return Place.Of(ViewOf(inputs[0]).Slice(slice.Starts.AsSpan(), slice.Steps.AsSpan(), node.Shape));
            case Pad or ElementwisePrimitive when _isInAssembly[position]:
                return Place.None;
            case Concatenate concatenate:
                return Place.Of(Concatenated(application, concatenate.Axis, inputs));
            case Pad pad:
                return Place.Of(Padded(application, pad, inputs));
            case ElementwisePrimitive when _assemblies.TryGetValue(position, out var parts):
                return Place.Of(Assemble(parts, node.Shape));
            case ElementwisePrimitive elementwise:
                return Fuse(elementwise, inputs, node.Shape);
            case Contraction when IsPermutedOnly(position):
                return Place.None;
            case Contraction contraction:
                return Place.Of(Product(contraction.Labels, inputs, node.Shape));
            case Recurrence or FixedPoint:
                return LoopAt(position);
            case Part part:
                return Place.Of(PartOf(part, inputs[0], node.Shape));
            case Sum sum:
                return Place.Of(SumOver(sum, inputs[0], node.Shape));
            default:
                return Place.Of(Call(application, inputs));
        }
    }

    /// <summary>The only use of a node; null where there are several, none, or somebody outside asks for it.</summary>
    private int? SoleUser(int position) => !_isRoot[position] && _uses[position] is [var only] ? only.User : null;

    /// <summary>Whether a product is asked for in one other order of axes alone: then it is computed in that order.</summary>
    private bool IsPermutedOnly(int position) =>
        SoleUser(position) is { } user && _order.Nodes[user] is Application { Primitive: Permute };

    private View Product((string Left, string Right, string Result) labels, ReadOnlySpan<int> inputs, Shape shape)
    {
        var plan = ProductPlan.Of(labels, ViewOf(inputs[0]), ViewOf(inputs[1]), shape, Copy);
        var target = new View(NewBuffer(shape.Size, null, _steps.Count), 0, plan.TargetStrides, shape);
        _steps.Add(new ProductStep(plan.Left, plan.Right, target, plan.Layout, plan.Dot));
        return target;
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
