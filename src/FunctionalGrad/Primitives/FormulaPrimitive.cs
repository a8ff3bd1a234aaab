using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// An elementwise primitive whose kernel is a formula of other elementwise primitives: it is computed as they are, and in a
/// compiled loop its operations stand among the others.
/// </summary>
internal sealed class FormulaPrimitive : ElementwisePrimitive
{
    private readonly TopologicalOrder _order;
    private readonly Variable[] _operands;

    public FormulaPrimitive(Elementwise declaration, Variable[] operands, Expr formula)
        : base(declaration)
    {
        (_operands, _order) = (operands, TopologicalOrder.Of(formula));
        foreach (var node in _order.Nodes)
        {
            var why = node switch
            {
                Variable variable when !operands.Contains(variable) => $"it uses the variable {variable.Name}, which is no operand; make it one",
                Constant { Shape.IsScalar: false } => "it holds a tensor, and a function of numbers has numbers alone; make that an operand",
                Application { Primitive: not ElementwisePrimitive } application => $"its {application.Primitive} does not work entry by entry; leave it outside, or use Primitive.Define",
                _ => null,
            };
            if (why is not null)
            {
                throw new ArgumentException($"{Name}: the formula {formula} cannot be the kernel of an elementwise primitive: {why}", nameof(formula));
            }
        }
    }

    public override Expr Expansion => _order.Nodes[^1];

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var values = new Tensor<T>[_order.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _order.Nodes[i] switch
            {
                Variable variable => operands[Array.IndexOf(_operands, variable)],
                Constant constant => Tensor.Full(shape, T.CreateTruncating(constant.Value.ToScalar())),
                var node => ((Application)node).Primitive.Evaluate<T>(Inputs(values, i), shape),
            };
        }

        return values[^1];
    }

    public override bool Equals(Primitive? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal override LaneOperation Record<T>(ReadOnlySpan<LaneOperation> operands)
    {
        var values = new LaneOperation[_order.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _order.Nodes[i] switch
            {
                Variable variable => operands[Array.IndexOf(_operands, variable)],
                Constant constant => new(LaneOperation.Number, [], constant.Value.ToScalar()),
                var node => ((ElementwisePrimitive)((Application)node).Primitive).Record<T>(Inputs(values, i)),
            };
        }

        return values[^1];
    }

    internal override BlockKernel<T> Block<V, T>()
    {
        // A place for every node: an operand (0, 1, 2), or a block of its own counted from 3.
        var kernels = new BlockKernel<T>?[_order.Count];
        var places = new int[_order.Count];
        var numbers = new double[_order.Count];
        var blocks = 0;
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = _order.Nodes[i] is Variable variable ? Array.IndexOf(_operands, variable) : 3 + blocks++;
            numbers[i] = (_order.Nodes[i] as Constant)?.Value.ToScalar() ?? 0;
            kernels[i] = _order.Nodes[i] is Application application ? ((ElementwisePrimitive)application.Primitive).Block<V, T>() : null;
        }

        return Run;

        void Run(ref T x, ref T y, ref T z, ref T target, int count)
        {
            var memory = new T[blocks * count];
            for (var i = 0; i < places.Length; i++)
            {
                if (kernels[i] is { } kernel)
                {
                    var inputs = _order.InputsOf(i);
                    kernel(
                        ref At(inputs[0], ref x, ref y, ref z),
                        ref At(inputs[Math.Min(1, inputs.Length - 1)], ref x, ref y, ref z),
                        ref At(inputs[Math.Min(2, inputs.Length - 1)], ref x, ref y, ref z),
                        ref At(i, ref x, ref y, ref z),
                        count);
                }
                else if (places[i] >= 3)
                {
                    memory.AsSpan((places[i] - 3) * count, count).Fill(T.CreateTruncating(numbers[i]));
                }
            }

            // The result is written last: the target may be where an operand lies.
            MemoryMarshal.CreateSpan(ref At(places.Length - 1, ref x, ref y, ref z), count)
                .CopyTo(MemoryMarshal.CreateSpan(ref target, count));

            ref T At(int node, ref T first, ref T second, ref T third)
            {
                switch (places[node])
                {
                    case 0:
                        return ref first;
                    case 1:
                        return ref second;
                    case 2:
                        return ref third;
                    default:
                        return ref memory[(places[node] - 3) * count];
                }
            }
        }
    }

    private TValue[] Inputs<TValue>(TValue[] values, int node)
    {
        var positions = _order.InputsOf(node);
        var inputs = new TValue[positions.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = values[positions[i]];
        }

        return inputs;
    }
}
