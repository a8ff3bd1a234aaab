using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Runs a sum over axes. Many terms are summed in blocks, whose sums are added up two by two: rounding grows with the
/// logarithm of the number of blocks, and the bits do not depend on how many cores took part.
/// </summary>
internal sealed class Sums<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // From this many entries on, other cores repay what it costs to wake them.
    private const int ParallelSize = 1 << 19;

    // Entries of a block, and how many blocks there are at most.
    private const int BlockSize = 1 << 13;
    private const int MostBlocks = 1024;

    private readonly SumStep _step;
    private readonly SumPlan _block = null!;
    private readonly SumPlan _lastBlock = null!;
    private readonly SumKernel<T> _kernel = null!;
    private readonly int _blocks = 1;
    private readonly nint _apart;

    public Sums(SumStep step)
    {
        _step = step;
        if (step.Source.Shape.Size == 0)
        {
            return;
        }

        var plan = SumPlan.Of(step);
        _kernel = SumKernel<T>.For(plan);
        (_block, _lastBlock) = (plan, plan);
        var position = Longest(plan);
        var axis = position < 0 ? plan.Inner : plan.Summed[position];
        var size = Math.Max(BlockSize / Math.Max(1, step.Source.Shape.Size / axis.Extent), (axis.Extent + MostBlocks - 1) / MostBlocks);
        if (size >= 1 && step.Source.Shape.Size / step.Target.Shape.Size > BlockSize && size < axis.Extent)
        {
            _blocks = (axis.Extent + size - 1) / size;
            _apart = size * axis.From;
            _block = Cut(plan, position, size);
            _lastBlock = Cut(plan, position, axis.Extent - ((_blocks - 1) * size));
        }
    }

    public void Run(T[][] buffers)
    {
        var (source, target) = (_step.Source, _step.Target);
        if (source.Shape.Size == 0)
        {
            buffers[target.Buffer].AsSpan(target.Offset, target.Shape.Size).Clear();
        }
        else if (_blocks > 1)
        {
            RunInBlocks(buffers);
        }
        else
        {
            _kernel.Run(ref Start(buffers, source), ref Start(buffers, target), _block);
        }
    }

    private static ref T Start(T[][] buffers, View view) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[view.Buffer]), view.Offset);

    /// <summary>Which of the axes summed over is the longest; −1 for the innermost.</summary>
    private static int Longest(SumPlan plan)
    {
        var (position, extent) = (-1, plan.Inner.Extent);
        for (var i = 0; i < plan.Summed.Length; i++)
        {
            if (plan.Summed[i].Extent > extent)
            {
                (position, extent) = (i, plan.Summed[i].Extent);
            }
        }

        return position;
    }

    private static SumPlan Cut(SumPlan plan, int position, int extent)
    {
        if (position < 0)
        {
            return plan with { Inner = plan.Inner with { Extent = extent } };
        }

        CopyAxis[] summed = [.. plan.Summed];
        summed[position] = summed[position] with { Extent = extent };
        return plan with { Summed = summed };
    }

    // A method of its own: what a lambda captures is allocated where its method begins.
    private void RunInBlocks(T[][] buffers)
    {
        var size = _step.Target.Shape.Size;
        var sums = ArrayPool<T>.Shared.Rent(_blocks * size);
        if (_step.Source.Shape.Size >= ParallelSize)
        {
            SharedWork.ForEach(_blocks, block => Block(buffers, sums, block));
        }
        else
        {
            for (var block = 0; block < _blocks; block++)
            {
                Block(buffers, sums, block);
            }
        }

        for (var gap = 1; gap < _blocks; gap *= 2)
        {
            for (var block = 0; block + gap < _blocks; block += 2 * gap)
            {
                var sum = sums.AsSpan(block * size, size);
                TensorPrimitives.Add(sum, sums.AsSpan((block + gap) * size, size), sum);
            }
        }

        sums.AsSpan(0, size).CopyTo(buffers[_step.Target.Buffer].AsSpan(_step.Target.Offset));
        ArrayPool<T>.Shared.Return(sums);
    }

    private void Block(T[][] buffers, T[] sums, int block) => _kernel.Run(
        ref Unsafe.Add(ref Start(buffers, _step.Source), block * _apart),
        ref sums[block * _step.Target.Shape.Size],
        block == _blocks - 1 ? _lastBlock : _block);
}
