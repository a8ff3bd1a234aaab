using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// A loop without generated code: kernel after kernel over blocks short enough to stay in the nearest cache. The same lanes,
/// the same sums in the same order, so the same bits as the code of <see cref="LoopCode{T}"/>.
/// </summary>
internal sealed class BlockRunner<V, T> : LoopRunner<T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int Longest = 256;

    private readonly LoopStep _step;
    private readonly LoopNest _nest;
    private readonly BlockKernel<T>[] _kernels;
    private readonly double[] _numbers;
    private readonly int _block;

    public BlockRunner(LoopStep step, LoopNest nest)
    {
        _step = step;
        _nest = nest;
        _kernels = [.. step.Operations.Select(operation => operation.Primitive.Block<V, T>())];
        _numbers = [.. step.Operations.SelectMany(operation => operation.Arguments)
            .Where(argument => argument.Kind == ArgumentKind.Number).Select(argument => argument.Number)
            .DistinctBy(BitConverter.DoubleToInt64Bits)];
        _block = Math.Min(Longest, (_nest.Inner + V.Count - 1) / V.Count * V.Count);
    }

    // Blocks, one after the other: inputs, numbers, what the operations compute, then the lanes of each sum.
    private int Blocks => _step.Inputs.Count + _numbers.Length + _kernels.Length;

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
        var scratch = ArrayPool<T>.Shared.Rent((Blocks * _block) + (_step.Outputs.Count * V.Count));
        for (var i = 0; i < _numbers.Length; i++)
        {
            scratch.AsSpan((_step.Inputs.Count + i) * _block, _block).Fill(T.CreateTruncating(_numbers[i]));
        }

        Span<int> offsets = stackalloc int[_step.Inputs.Count + _step.Outputs.Count];
        Span<int> index = stackalloc int[_nest.Extents.Length];
        index.Clear();
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = part * extent * _nest.Strides[0][i];
        }

        do
        {
            Inner(memory, scratch, offsets);
        }
        while (Next(index, offsets));
        ArrayPool<T>.Shared.Return(scratch);
    }

    private bool Next(Span<int> index, Span<int> offsets)
    {
        for (var level = index.Length - 2; level >= 0; level--)
        {
            var strides = _nest.Strides[level];
            var back = ++index[level] == _nest.Extents[level];
            for (var i = 0; i < offsets.Length; i++)
            {
                offsets[i] += back ? strides[i] * (1 - _nest.Extents[level]) : strides[i];
            }

            if (!back)
            {
                return true;
            }

            index[level] = 0;
        }

        return false;
    }

    private void Inner(T[][] memory, T[] scratch, ReadOnlySpan<int> offsets)
    {
        scratch.AsSpan(Blocks * _block, _step.Outputs.Count * V.Count).Clear();
        for (var start = 0; start < _nest.Inner; start += _block)
        {
            var count = Math.Min(_block, _nest.Inner - start);
            for (var i = 0; i < _step.Inputs.Count; i++)
            {
                Read(memory, scratch, offsets, i, start, count);
            }

            var whole = (count + V.Count - 1) / V.Count * V.Count;
            for (var i = 0; i < _kernels.Length; i++)
            {
                var arguments = _step.Operations[i].Arguments;
                ref var x = ref Argument(memory, scratch, offsets, arguments[0], start, count);
                ref var y = ref arguments.Length > 1 ? ref Argument(memory, scratch, offsets, arguments[1], start, count) : ref x;
                ref var z = ref arguments.Length > 2 ? ref Argument(memory, scratch, offsets, arguments[2], start, count) : ref x;
                _kernels[i](ref x, ref y, ref z, ref scratch[OfOperation(i)], whole);
            }

            for (var k = 0; k < _step.Outputs.Count; k++)
            {
                Write(memory, scratch, offsets, k, start, count);
            }
        }

        for (var k = 0; k < _step.Outputs.Count; k++)
        {
            if (IsInRegister(k))
            {
                var target = _step.Outputs[k].Target;
                memory[target.Buffer][target.Offset + offsets[_step.Inputs.Count + k]] += V.Sum(V.Load(ref scratch[LanesOf(k)], 0));
            }
        }
    }

    private int OfOperation(int operation) => (_step.Inputs.Count + _numbers.Length + operation) * _block;

    private int LanesOf(int output) => (Blocks * _block) + (output * V.Count);

    private bool IsInRegister(int output) => _step.Outputs[output].IsSum && _nest.Strides[^1][_step.Inputs.Count + output] == 0;

    // What lies side by side and fills the lanes is read where it is.
    private bool IsDirect(int input, int count) => _nest.Strides[^1][input] == 1 && count % V.Count == 0;

    private ref T Argument(T[][] memory, T[] scratch, ReadOnlySpan<int> offsets, Argument argument, int start, int count)
    {
        switch (argument.Kind)
        {
            case ArgumentKind.Operation:
                return ref scratch[OfOperation(argument.Index)];
            case ArgumentKind.Number:
                return ref scratch[(_step.Inputs.Count + NumberOf(argument.Number)) * _block];
            default:
                var view = _step.Inputs[argument.Index];
                return ref IsDirect(argument.Index, count)
                    ? ref memory[view.Buffer][view.Offset + offsets[argument.Index] + start]
                    : ref scratch[argument.Index * _block];
        }
    }

    private int NumberOf(double number)
    {
        var i = 0;
        while (BitConverter.DoubleToInt64Bits(_numbers[i]) != BitConverter.DoubleToInt64Bits(number))
        {
            i++;
        }

        return i;
    }

    private void Read(T[][] memory, T[] scratch, ReadOnlySpan<int> offsets, int input, int start, int count)
    {
        if (IsDirect(input, count))
        {
            return;
        }

        var stride = _nest.Strides[^1][input];
        var view = _step.Inputs[input];
        var source = memory[view.Buffer];
        var from = view.Offset + offsets[input] + (start * stride);
        var block = scratch.AsSpan(input * _block, _block);
        if (stride == 0)
        {
            block.Fill(source[from]);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            block[i] = source[from + (i * stride)];
        }

        // Lanes beyond the end hold a number that is there anyway, so that no kernel sees one from nowhere.
        block[count..].Fill(block[count - 1]);
    }

    private void Write(T[][] memory, T[] scratch, ReadOnlySpan<int> offsets, int output, int start, int count)
    {
        var (operation, target, isSum) = _step.Outputs[output];
        var stride = _nest.Strides[^1][_step.Inputs.Count + output];
        var values = scratch.AsSpan(OfOperation(operation), count);
        var to = memory[target.Buffer].AsSpan(target.Offset + offsets[_step.Inputs.Count + output] + (start * stride));
        if (IsInRegister(output))
        {
            AddToLanes(values, ref scratch[LanesOf(output)]);
        }
        else if (isSum)
        {
            for (var i = 0; i < count; i++)
            {
                to[i * stride] += values[i];
            }
        }
        else if (stride == 1)
        {
            values.CopyTo(to);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                to[i * stride] = values[i];
            }
        }
    }

    private static void AddToLanes(Span<T> values, ref T lanes)
    {
        var sum = V.Load(ref lanes, 0);
        var i = 0;
        for (; i + V.Count <= values.Length; i += V.Count)
        {
            sum += V.Load(ref values[i], 0);
        }

        V.Store(sum, ref lanes, 0);

        // The rest belongs to the last lanes.
        for (var lane = V.Count - (values.Length - i); i < values.Length; i++, lane++)
        {
            Unsafe.Add(ref lanes, lane) += values[i];
        }
    }
}
