using System.Numerics;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <content>Where inputs and outputs are while a loop walks along its axes: those that go together share a place.</content>
internal sealed partial class LoopCode<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private int WalkOf(int memory)
    {
        int[] strides = [.. _nest.Strides.Select(along => along[memory])];
        var known = _walks.FindIndex(walk => walk.AsSpan().SequenceEqual(strides));
        if (known < 0)
        {
            known = _walks.Count;
            _walks.Add(strides);
        }

        return known;
    }

    /// <summary>Where everything is at the start of a level: a local of its own for what moves along it.</summary>
    private LocalBuilder?[] Started(int level, LocalBuilder?[] moving)
    {
        var here = (LocalBuilder?[])moving.Clone();
        for (var walk = 0; walk < here.Length; walk++)
        {
            if (_walks[walk][level] == 0)
            {
                continue;
            }

            here[walk] = _method.Take(typeof(nint));
            if (moving[walk] is { } outer)
            {
                _il.Emit(OpCodes.Ldloc, outer);
            }
            else
            {
                _il.Emit(OpCodes.Ldc_I4_0);
                _il.Emit(OpCodes.Conv_I);
            }

            _il.Emit(OpCodes.Stloc, here[walk]!);
        }

        return here;
    }

    private void Advance(int level, LocalBuilder?[] here, int count)
    {
        for (var walk = 0; walk < here.Length; walk++)
        {
            var step = _walks[walk][level] * count;
            if (step != 0)
            {
                _il.Emit(OpCodes.Ldloc, here[walk]!);
                _il.Emit(OpCodes.Ldc_I4, step);
                _il.Emit(OpCodes.Conv_I);
                _il.Emit(OpCodes.Add);
                _il.Emit(OpCodes.Stloc, here[walk]!);
            }
        }
    }

    private void GiveBack(int level, LocalBuilder?[] here)
    {
        for (var walk = 0; walk < here.Length; walk++)
        {
            if (_walks[walk][level] != 0)
            {
                _method.Give(here[walk]!);
            }
        }
    }
}
