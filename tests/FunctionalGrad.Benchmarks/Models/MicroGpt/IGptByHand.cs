using System.Numerics;

namespace FunctionalGrad.Benchmarks;

/// <summary>A step of training of microgpt by hand.</summary>
internal interface IGptByHand<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a step on a document from one state to another, which may be the same one, and returns the loss before it.</summary>
    /// <param name="count">Which step it is, from 1.</param>
    T Step(GptState<T> from, GptState<T> to, int[] document, double rate, int count);
}
