using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// A loop without generated code: kernel after kernel over blocks that stay in the nearest cache. A block is a piece of the
/// innermost axis, or as many whole ones as fit. The same lanes, the same sums in the same order, so the same bits as the
/// code of <see cref="LoopCode{T}"/>.
/// </summary>
internal sealed class BlockRunner<V, T> : LoopRunner<T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // Entries of all blocks together, and of one.
    private const int MostEntries = 4096;
    private const int Longest = 256;

    private readonly LoopStep _step;
    private readonly LoopNest _nest;
    private readonly BlockKernel<T>[] _kernels;
    private readonly double[] _numbers;

    // Where each operation finds its three operands and puts its result: blocks lie one after the other, inputs first,
    // then numbers, then what the operations compute.
    private readonly int[] _places;
    private readonly int _block;
    private readonly int _rows;

    // Blocks between runs, taken whole by one run at a time; the numbers stay in them.
    private Blocks? _idle;

    public BlockRunner(LoopStep step, LoopNest nest)
    {
        (_step, _nest) = (step, nest);
        _kernels = [.. step.Operations.Select(operation => operation.Primitive.Block<V, T>())];
        _numbers = [.. step.Operations.SelectMany(operation => operation.Arguments)
            .Where(argument => argument.Kind == ArgumentKind.Number).Select(argument => argument.Number)
            .DistinctBy(BitConverter.DoubleToInt64Bits)];
        if (step.Space.Size == 0)
        {
            _places = [];
            return;
        }

        var outer = nest.Extents.Length > 1 ? step.Space.Size / nest.Inner : 1;
        var room = Math.Clamp(MostEntries / (step.Inputs.Count + _numbers.Length + _kernels.Length), V.Count, Longest);
        _rows = Math.Clamp(room / nest.Inner, 1, Math.Max(1, outer));
        _block = ((_rows > 1 ? _rows * nest.Inner : Math.Min(room, nest.Inner)) + V.Count - 1) / V.Count * V.Count;
        _places = new int[4 * _kernels.Length];
        for (var i = 0; i < _kernels.Length; i++)
        {
            var arguments = step.Operations[i].Arguments;
            for (var k = 0; k < 3; k++)
            {
                _places[(4 * i) + k] = Place(arguments[Math.Min(k, arguments.Length - 1)]);
            }

            _places[(4 * i) + 3] = OfOperation(i);
        }
    }

    private int Memories => _step.Inputs.Count + _step.Outputs.Count;

    public override void Run(T[][] memory)
    {
        foreach (var output in _step.Outputs)
        {
            if (output.IsSum)
            {
                memory[output.Target.Buffer].AsSpan(output.Target.Offset, output.Target.Reached).Clear();
            }
        }

        if (_step.Space.Size > 0)
        {
            RunPart(memory, 0, 0);
        }
    }

    public override void RunPart(T[][] memory, int part, int extent)
    {
        var blocks = Interlocked.Exchange(ref _idle, null) ?? NewBlocks();
        var (values, offsets, index) = blocks;
        index.AsSpan().Clear();
        for (var i = 0; i < Memories; i++)
        {
            offsets[i] = part * extent * _nest.Strides[0][i];
        }

        var left = 1;
        foreach (var outer in _nest.Extents.AsSpan()[..^1])
        {
            left *= outer;
        }

        while (left > 0)
        {
            var rows = Math.Min(_rows, left);
            for (var row = 1; row <= rows; row++)
            {
                Next(index, offsets.AsSpan((row - 1) * Memories, 2 * Memories));
            }

            for (var start = 0; start < _nest.Inner; start += _block)
            {
                RunBlock(memory, values, offsets, rows, start, _rows > 1 ? _nest.Inner : Math.Min(_block, _nest.Inner - start));
            }

            offsets.AsSpan(rows * Memories, Memories).CopyTo(offsets);
            left -= rows;
        }

        _idle = blocks;
    }

    private Blocks NewBlocks()
    {
        var values = new T[((_step.Inputs.Count + _numbers.Length + _kernels.Length) * _block) + (_step.Outputs.Count * V.Count)];
        for (var i = 0; i < _numbers.Length; i++)
        {
            values.AsSpan((_step.Inputs.Count + i) * _block, _block).Fill(T.CreateTruncating(_numbers[i]));
        }

        return new(values, new int[(_rows + 1) * Memories], new int[_nest.Extents.Length]);
    }

    private int OfOperation(int operation) => (_step.Inputs.Count + _numbers.Length + operation) * _block;

    private int LanesOf(int output) => OfOperation(_kernels.Length) + (output * V.Count);

    private int Place(Argument argument) => argument.Kind switch
    {
        ArgumentKind.Operation => OfOperation(argument.Index),
        ArgumentKind.Input => argument.Index * _block,
        _ => (_step.Inputs.Count + Array.FindIndex(
            _numbers, number => BitConverter.DoubleToInt64Bits(number) == BitConverter.DoubleToInt64Bits(argument.Number))) * _block,
    };

    // From the offsets of one turn of the outer loops to those of the next, which follow them.
    private void Next(int[] index, Span<int> offsets)
    {
        var next = offsets[Memories..];
        offsets[..Memories].CopyTo(next);
        for (var level = index.Length - 2; level >= 0; level--)
        {
            var strides = _nest.Strides[level];
            var ends = ++index[level] == _nest.Extents[level];
            for (var i = 0; i < next.Length; i++)
            {
                next[i] += ends ? strides[i] * (1 - _nest.Extents[level]) : strides[i];
            }

            if (!ends)
            {
                return;
            }

            index[level] = 0;
        }
    }

    private void RunBlock(T[][] memory, T[] values, int[] offsets, int rows, int start, int count)
    {
        var filled = rows * count;
        var whole = (filled + V.Count - 1) / V.Count * V.Count;
        for (var i = 0; i < _step.Inputs.Count; i++)
        {
            var block = values.AsSpan(i * _block, whole);
            var (stride, view) = (_nest.Strides[^1][i], _step.Inputs[i]);
            for (var row = 0; row < rows; row++)
            {
                var from = view.Offset + offsets[(row * Memories) + i] + (start * stride);
                Read(memory[view.Buffer], from, stride, block.Slice(row * count, count));
            }

            // Lanes beyond the end hold a number that is there anyway, so that no kernel sees one from nowhere.
            block[filled..].Fill(block[filled - 1]);
        }

        ref var first = ref MemoryMarshal.GetArrayDataReference(values);
        for (var i = 0; i < _kernels.Length; i++)
        {
            var places = _places.AsSpan(4 * i, 4);
            _kernels[i](
                ref Unsafe.Add(ref first, places[0]), ref Unsafe.Add(ref first, places[1]), ref Unsafe.Add(ref first, places[2]),
                ref Unsafe.Add(ref first, places[3]), whole);
        }

        for (var k = 0; k < _step.Outputs.Count; k++)
        {
            for (var row = 0; row < rows; row++)
            {
                var offset = _step.Outputs[k].Target.Offset + offsets[(row * Memories) + _step.Inputs.Count + k];
                Write(memory, values, k, offset, start, values.AsSpan(OfOperation(_step.Outputs[k].Operation) + (row * count), count));
            }
        }
    }

    private static void Read(T[] source, int from, int stride, Span<T> block)
    {
        switch (stride)
        {
            case 0:
                block.Fill(source[from]);
                break;
            case 1:
                source.AsSpan(from, block.Length).CopyTo(block);
                break;
            default:
                for (var i = 0; i < block.Length; i++)
                {
                    block[i] = source[from + (i * stride)];
                }

                break;
        }
    }

    private void Write(T[][] memory, T[] values, int output, int offset, int start, Span<T> block)
    {
        var (_, target, isSum) = _step.Outputs[output];
        var stride = _nest.Strides[^1][_step.Inputs.Count + output];
        var to = memory[target.Buffer].AsSpan(offset + (start * stride));
        if (isSum && stride == 0)
        {
            var lanes = values.AsSpan(LanesOf(output), V.Count);
            if (start == 0)
            {
                lanes.Clear();
            }

            AddToLanes(block, lanes);
            if (start + block.Length == _nest.Inner)
            {
                to[0] += V.Sum(V.Load(ref lanes[0], 0));
            }
        }
        else if (stride == 1 && !isSum)
        {
            block.CopyTo(to);
        }
        else
        {
            for (var i = 0; i < block.Length; i++)
            {
                to[i * stride] = isSum ? to[i * stride] + block[i] : block[i];
            }
        }
    }

    private static void AddToLanes(Span<T> block, Span<T> lanes)
    {
        var sum = V.Load(ref lanes[0], 0);
        var i = 0;
        for (; i + V.Count <= block.Length; i += V.Count)
        {
            sum += V.Load(ref block[i], 0);
        }

        V.Store(sum, ref lanes[0], 0);

        // The rest belongs to the last lanes.
        for (var lane = V.Count - (block.Length - i); i < block.Length; i++, lane++)
        {
            lanes[lane] += block[i];
        }
    }

    private sealed record Blocks(T[] Values, int[] Offsets, int[] Index);
}
