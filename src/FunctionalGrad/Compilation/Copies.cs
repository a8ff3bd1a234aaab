using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>Moves the entries of a view to where another view has them.</summary>
internal sealed class Copies<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly CopyPlan _plan;
    private readonly View _source;
    private readonly View _target;

    public Copies(CopyStep step)
    {
        (_source, _target) = (step.Source, step.Target);
        _plan = CopyPlan.Of(_source, _target);
    }

    public void Run(T[][] buffers)
    {
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[_source.Buffer]), _source.Offset);
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[_target.Buffer]), _target.Offset);
        if (_plan.Outer.Length == 0)
        {
            Planes<T>.Move(_plan.Plane, ref from, ref to);
        }
        else if (_source.Shape.Size > 0)
        {
            Count(ref from, ref to);
        }
    }

    private void Count(ref T from, ref T to)
    {
        var outer = _plan.Outer;
        Span<int> index = stackalloc int[outer.Length];
        index.Clear();
        while (true)
        {
            Planes<T>.Move(_plan.Plane, ref from, ref to);
            var level = outer.Length - 1;
            for (; level >= 0; level--)
            {
                ref readonly var axis = ref outer[level];
                from = ref Unsafe.Add(ref from, axis.From);
                to = ref Unsafe.Add(ref to, axis.To);
                if (++index[level] < axis.Extent)
                {
                    break;
                }

                from = ref Unsafe.Subtract(ref from, axis.From * axis.Extent);
                to = ref Unsafe.Subtract(ref to, axis.To * axis.Extent);
                index[level] = 0;
            }

            if (level < 0)
            {
                return;
            }
        }
    }
}
