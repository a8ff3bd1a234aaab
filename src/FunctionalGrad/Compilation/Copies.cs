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
        nint read = 0, written = 0;
        do
        {
            Planes<T>.Move(_plan.Plane, ref Unsafe.Add(ref from, read), ref Unsafe.Add(ref to, written));
        }
        while (CopyAxis.Next(outer, index, ref read, ref written));
    }
}
