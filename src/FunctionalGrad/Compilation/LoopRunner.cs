using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A loop without generated code, operation after operation over the whole index space: for machines and policies that
/// allow no code to be made at run time.
/// </summary>
internal static class LoopRunner
{
    public static void Run<T>(T[][] buffers, LoopStep step)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var inputs = step.Inputs.ConvertAll(view => Dense(buffers[view.Buffer], view));
        var results = new Tensor<T>[step.Operations.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var operands = Array.ConvertAll(step.Operations[i].Arguments, argument => argument.Kind switch
            {
                ArgumentKind.Operation => results[argument.Index],
                ArgumentKind.Input => inputs[argument.Index],
                _ => Tensor.Full(step.Space, T.CreateTruncating(argument.Number)),
            });
            results[i] = step.Operations[i].Primitive.Evaluate<T>(operands, step.Space);
        }

        foreach (var (operation, target) in step.Outputs)
        {
            StridedCopy.Scatter(results[operation].Values, buffers[target.Buffer], target.Offset, target.Strides, step.Space);
        }
    }

    private static Tensor<T> Dense<T>(T[] buffer, View view)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[view.Shape.Size];
        StridedCopy.Gather(buffer, view.Offset, view.Strides, view.Shape, values);
        return Tensor<T>.Seal(view.Shape, values);
    }
}
