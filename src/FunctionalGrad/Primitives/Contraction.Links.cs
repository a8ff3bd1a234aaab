using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <content>Which entries of an operand meet which of the value: those that agree in their common labels.</content>
internal sealed partial class Contraction
{
    internal override EntryLinks Links(Application application, int operand, ReadOnlySpan<Tensor<double>?> known)
    {
        var other = application.Input(1 - operand);
        var factors = known[1 - operand];
        var (ownLabels, otherLabels) = operand == 0 ? (_left, _right) : (_right, _left);
        var labels = _result + Except(ownLabels + Except(otherLabels, ownLabels), _result);
        Shape box = [.. labels.Select(label => ownLabels.Contains(label)
            ? application.Input(operand).Shape[ownLabels.IndexOf(label)]
            : other.Shape[otherLabels.IndexOf(label)])];
        var ofValue = Steps(application.Shape, _result, labels);
        var ofOwn = Steps(application.Input(operand).Shape, ownLabels, labels);
        var ofOther = Steps(other.Shape, otherLabels, labels);

        var (targets, sources) = (new List<int>(), new List<int>());
        var index = new int[labels.Length];
        var (target, source, factor) = (0, 0, 0);
        for (var n = 0; n < box.Size; n++)
        {
            // A constant 0 in the other operand lets nothing through.
            if (factors is null || factors.Values[factor] != 0)
            {
                targets.Add(target);
                sources.Add(source);
            }

            for (var axis = labels.Length - 1; axis >= 0; axis--)
            {
                Move(axis, 1);
                if (++index[axis] < box[axis])
                {
                    break;
                }

                Move(axis, -box[axis]);
                index[axis] = 0;
            }
        }

        return EntryLinks.FromPairs(CollectionsMarshal.AsSpan(targets), CollectionsMarshal.AsSpan(sources), application.Shape.Size);

        void Move(int axis, int steps)
        {
            target += steps * ofValue[axis];
            source += steps * ofOwn[axis];
            factor += steps * ofOther[axis];
        }
    }

    /// <summary>How far a step along each of some labels goes in a tensor; 0 along a label that it lacks.</summary>
    private static int[] Steps(Shape shape, string ownLabels, string labels)
    {
        var strides = shape.Strides();
        return [.. labels.Select(label => ownLabels.Contains(label) ? strides[ownLabels.IndexOf(label)] : 0)];
    }
}
