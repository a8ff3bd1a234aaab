using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Runs a batch of matrix products; how is settled before the first call. Every entry of the target is summed in one order
/// by one worker, so that the result has the same bits on any number of cores.
/// </summary>
internal sealed class Products<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // From this many multiplications on, other cores repay what it costs to wake them.
    private const long ParallelWork = 1 << 22;

    // What one worker takes at a time.
    private const long PartWork = 1 << 19;

    private readonly ProductStep _step;
    private readonly BlockedProduct<T>? _blocks;
    private readonly ProductKernel<T>? _kernel;
    private readonly DotProducts<T>? _dots;
    private readonly (int Count, int Size) _parts = (1, 0);

    public Products(ProductStep step)
    {
        _step = step;
        var layout = step.Layout;
        if (layout.Work == 0)
        {
            return;
        }

        if (step.Dot)
        {
            _dots = DotProducts<T>.For(layout);
        }
        else if (layout.IsLarge)
        {
            _blocks = new(layout);
            return;
        }
        else
        {
            _kernel = ProductKernels<T>.For(layout);
        }

        if (layout.Work >= ParallelWork)
        {
            _parts = Parts(layout);
        }
    }

    public void Run(T[][] buffers)
    {
        var (left, right, target) = (_step.Left, _step.Right, _step.Target);
        if (_step.Layout.Work == 0)
        {
            // A sum of no terms is 0. The entries of a target stand side by side, in whatever order.
            buffers[target.Buffer].AsSpan(target.Offset, target.Shape.Size).Clear();
        }
        else if (_blocks is not null)
        {
            _blocks.Run(buffers[left.Buffer], left.Offset, buffers[right.Buffer], right.Offset, buffers[target.Buffer], target.Offset);
        }
        else if (_parts.Count > 1)
        {
            RunInParts(buffers);
        }
        else
        {
            Run(ref Start(buffers, left), ref Start(buffers, right), ref Start(buffers, target), _step.Layout);
        }
    }

    private static ref T Start(T[][] buffers, View view) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[view.Buffer]), view.Offset);

    /// <summary>Into how many parts to divide the longest of batch, rows and columns, and how long each is; the last takes what is left.</summary>
    private static (int Count, int Size) Parts(in ProductLayout layout)
    {
        var extent = Divided(layout);
        var size = (int)Math.Max(1, PartWork / (layout.Work / extent));
        if (extent != layout.Batch)
        {
            // Whole tiles and lanes.
            size = (size + 47) / 48 * 48;
        }

        return (Math.Max(1, extent / size), size);
    }

    private static int Divided(in ProductLayout layout) => Math.Max(layout.Batch, Math.Max(layout.Rows, layout.Columns));

    private void Run(ref T left, ref T right, ref T target, in ProductLayout layout)
    {
        if (_dots is not null)
        {
            _dots.Run(ref left, ref right, ref target, layout);
        }
        else
        {
            _kernel!.Run(ref left, ref right, ref target, layout, more: false);
        }
    }

    // A method of its own: what a lambda captures is allocated where its method begins.
    private void RunInParts(T[][] buffers) => SharedWork.ForEach(_parts.Count, part => Part(buffers, part));

    private void Part(T[][] buffers, int part)
    {
        var layout = _step.Layout;
        var first = part * _parts.Size;
        var extent = Divided(layout);
        var count = part == _parts.Count - 1 ? extent - first : _parts.Size;
        ref var left = ref Start(buffers, _step.Left);
        ref var right = ref Start(buffers, _step.Right);
        ref var target = ref Start(buffers, _step.Target);
        if (extent == layout.Batch)
        {
            left = ref Unsafe.Add(ref left, (nint)first * layout.LeftBatch);
            right = ref Unsafe.Add(ref right, (nint)first * layout.RightBatch);
            target = ref Unsafe.Add(ref target, (nint)first * layout.TargetBatch);
            layout = layout with { Batch = count };
        }
        else if (extent == layout.Rows)
        {
            left = ref Unsafe.Add(ref left, (nint)first * layout.LeftRow);
            target = ref Unsafe.Add(ref target, (nint)first * layout.TargetRow);
            layout = layout with { Rows = count };
        }
        else
        {
            right = ref Unsafe.Add(ref right, (nint)first * layout.RightColumn);
            target = ref Unsafe.Add(ref target, first);
            layout = layout with { Columns = count };
        }

        Run(ref left, ref right, ref target, layout);
    }
}
