using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A large loop cut along its outermost axis, so that the cores can share the parts. How it is cut depends on its size
/// alone, and sums over the outermost axis are put together from those of the parts two by two: so the bits do not depend on
/// how many cores there are.
/// </summary>
internal sealed class LoopParts<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly LoopStep _step;
    private readonly int[] _sums;
    private readonly int _slots;
    private readonly int _parts;
    private readonly int _whole;
    private readonly Action<T[][], int> _part;
    private readonly Action<T[][], int>? _last;

    private LoopParts(LoopStep step, LoopNest nest, int extent, int slots, PartWriter write)
    {
        (_step, _slots) = (step, slots);
        _sums = [.. Enumerable.Range(0, step.Outputs.Count).Where(k => step.Outputs[k].IsSum && nest.Strides[0][step.Inputs.Count + k] == 0)];
        (_whole, var rest) = Math.DivRem(nest.Extents[0], extent);
        _parts = _whole + (rest > 0 ? 1 : 0);

        // Each part has its own sums, in slots behind all others.
        var apart = new LoopStep(step.Space) { AxisOrder = step.AxisOrder, Weight = step.Weight };
        apart.Inputs.AddRange(step.Inputs);
        apart.Operations.AddRange(step.Operations);
        for (var k = 0; k < step.Outputs.Count; k++)
        {
            var place = Array.IndexOf(_sums, k);
            apart.Outputs.Add(place < 0
                ? step.Outputs[k]
                : step.Outputs[k] with { Target = step.Outputs[k].Target with { Buffer = slots + place, Offset = 0 } });
        }

        _part = write(apart, nest with { Extents = [extent, .. nest.Extents[1..]] }, extent);
        _last = rest > 0 ? write(apart, nest with { Extents = [rest, .. nest.Extents[1..]] }, extent) : null;
    }

    /// <summary>Makes what runs a part: the loop over the nest given, which begins a number of extents in.</summary>
    public delegate Action<T[][], int> PartWriter(LoopStep step, LoopNest nest, int extent);

    /// <summary>What runs a loop in parts; null where it is too small for that.</summary>
    /// <param name="step">The loop.</param>
    /// <param name="slots">How many slots the memory has.</param>
    /// <param name="write">Makes what runs a part.</param>
    public static Action<T[][]>? Of(LoopStep step, int slots, PartWriter write)
    {
        var nest = LoopNest.Of(step);
        return LoopCost.PartOf(step, nest) is { } extent ? new LoopParts<T>(step, nest, extent, slots, write).Run : null;
    }

    private void Run(T[][] memory)
    {
        foreach (var output in _step.Outputs)
        {
            if (output.IsSum)
            {
                memory[output.Target.Buffer].AsSpan(output.Target.Offset, output.Target.Reached).Clear();
            }
        }

        if (_sums.Length == 0)
        {
            SharedWork.ForEach(_parts, part => RunPart(memory, part));
            return;
        }

        var apart = new T[_parts][][];
        SharedWork.ForEach(_parts, part =>
        {
            var own = new T[_slots + _sums.Length][];
            memory.CopyTo(own, 0);
            for (var i = 0; i < _sums.Length; i++)
            {
                own[_slots + i] = new T[_step.Outputs[_sums[i]].Target.Reached];
            }

            RunPart(own, part);
            apart[part] = own;
        });

        for (var gap = 1; gap < _parts; gap *= 2)
        {
            for (var part = 0; part + gap < _parts; part += 2 * gap)
            {
                AddTo(apart[part], apart[part + gap]);
            }
        }

        for (var i = 0; i < _sums.Length; i++)
        {
            var target = _step.Outputs[_sums[i]].Target;
            apart[0][_slots + i].CopyTo(memory[target.Buffer], target.Offset);
        }
    }

    private void RunPart(T[][] memory, int part) => (part < _whole ? _part : _last!)(memory, part);

    private void AddTo(T[][] left, T[][] right)
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            var (to, from) = (left[_slots + i], right[_slots + i]);
            for (var k = 0; k < to.Length; k++)
            {
                to[k] += from[k];
            }
        }
    }
}
