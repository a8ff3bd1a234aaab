using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>Causal attention tuned: the positions that ask lie in lanes, those that answer go by one after another.</summary>
internal sealed class GptAttentionByVectors<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int Context = GptSetup.Context;
    private const int Size = GptSetup.Width / GptSetup.Heads;

    private static int Lanes => Vector512<T>.Count;
    private static readonly T Scale = T.CreateTruncating(1 / Math.Sqrt(Size));

    // Row s: 0 at the positions that see position s, and −∞ at the earlier ones.
    private static readonly T[] Masks =
        [.. Enumerable.Range(0, Context * Context).Select(at => at % Context >= at / Context ? T.Zero : T.NegativeInfinity)];

    private readonly T[] _weights = new T[GptSetup.Heads * Context * Context];
    private readonly T[] _byScores = new T[Context * Context];
    private readonly T[] _transposed = new T[Context * Context];

    public void Forward(T[] q, T[] k, T[] v, T[] mixed, int n, int stride)
    {
        for (var head = 0; head < GptSetup.Heads; head++)
        {
            var first = head * Size * stride;
            var weights = _weights.AsSpan(head * Context * Context, n * stride);
            for (var lane = 0; lane < stride; lane += Lanes)
            {
                var greatest = Vector512.Create(T.NegativeInfinity);
                for (var s = 0; s < n; s++)
                {
                    var score = Vector512<T>.Zero;
                    for (var j = first; j < first + (Size * stride); j += stride)
                    {
                        score = TunedProduct.Add(Vector512.LoadUnsafe(ref q[j + lane]), Vector512.Create(k[j + s]), score);
                    }

                    score = (score * Scale) + Vector512.LoadUnsafe(ref Masks[(s * Context) + lane]);
                    greatest = Vector512.Max(greatest, score);
                    score.StoreUnsafe(ref weights[(s * stride) + lane]);
                }

                for (var at = lane; at < weights.Length; at += stride)
                {
                    (Vector512.LoadUnsafe(ref weights[at]) - greatest).StoreUnsafe(ref weights[at]);
                }
            }

            TensorPrimitives.Exp(weights, weights);
            for (var lane = 0; lane < stride; lane += Lanes)
            {
                var sum = Vector512<T>.Zero;
                for (var at = lane; at < weights.Length; at += stride)
                {
                    sum += Vector512.LoadUnsafe(ref weights[at]);
                }

                var share = Vector512<T>.One / sum;
                for (var at = lane; at < weights.Length; at += stride)
                {
                    (Vector512.LoadUnsafe(ref weights[at]) * share).StoreUnsafe(ref weights[at]);
                }
            }

            TunedProduct.Write(v.AsSpan(first), stride, 1, weights, mixed.AsSpan(first), Size, stride, n);
        }
    }

    public void Backward(T[] byMixed, T[] q, T[] k, T[] v, T[] byQ, T[] byK, T[] byV, int n, int stride)
    {
        for (var head = 0; head < GptSetup.Heads; head++)
        {
            var first = head * Size * stride;
            var weights = _weights.AsSpan(head * Context * Context, n * stride);
            var byScores = _byScores.AsSpan(..(n * stride));
            TunedProduct.Write<T>(v.AsSpan(first), 1, stride, byMixed.AsSpan(first), byScores, n, stride, Size);
            for (var lane = 0; lane < stride; lane += Lanes)
            {
                var sum = Vector512<T>.Zero;
                for (var at = lane; at < weights.Length; at += stride)
                {
                    sum = TunedProduct.Add(Vector512.LoadUnsafe(ref weights[at]), Vector512.LoadUnsafe(ref byScores[at]), sum);
                }

                for (var at = lane; at < weights.Length; at += stride)
                {
                    var byScore = Vector512.LoadUnsafe(ref weights[at]) * (Vector512.LoadUnsafe(ref byScores[at]) - sum) * Scale;
                    byScore.StoreUnsafe(ref byScores[at]);
                }
            }

            TunedProduct.Write(k.AsSpan(first), stride, 1, byScores, byQ.AsSpan(first), Size, stride, n);

            // Keys and values sum over those that asked, who come out of the lanes for it. Where a lane asks for nobody, its
            // derivatives are 0.
            OverAsking(byScores, q.AsSpan(first), byK.AsSpan(first), n, stride);
            OverAsking(weights, byMixed.AsSpan(first), byV.AsSpan(first), n, stride);
        }
    }

    private void OverAsking(ReadOnlySpan<T> matrix, ReadOnlySpan<T> asking, Span<T> result, int n, int stride)
    {
        var transposed = _transposed.AsSpan(..(stride * stride));
        for (var t = 0; t < stride; t++)
        {
            for (var s = 0; s < stride; s++)
            {
                transposed[(t * stride) + s] = s < n ? matrix[(s * stride) + t] : T.Zero;
            }
        }

        TunedProduct.Write(asking, stride, 1, transposed, result, Size, stride, n);
    }
}
