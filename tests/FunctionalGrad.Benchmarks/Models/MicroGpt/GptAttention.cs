using System.Numerics;

namespace FunctionalGrad.Benchmarks;

/// <summary>Causal attention of several heads by straightforward loops.</summary>
internal sealed class GptAttention<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int Context = GptSetup.Context;
    private const int Width = GptSetup.Width;
    private const int Size = Width / GptSetup.Heads;

    private static readonly T Scale = T.CreateTruncating(1 / Math.Sqrt(Size));

    private readonly T[] _weights = new T[GptSetup.Heads * Context * Context];
    private readonly T[] _byWeights = new T[Context];

    public void Forward(T[] q, T[] k, T[] v, T[] mixed, int n)
    {
        for (var head = 0; head < GptSetup.Heads; head++)
        {
            for (var t = 0; t < n; t++)
            {
                var query = q.AsSpan((t * Width) + (head * Size), Size);
                var weights = _weights.AsSpan(((head * Context) + t) * Context, t + 1);
                var greatest = T.NegativeInfinity;
                for (var s = 0; s < weights.Length; s++)
                {
                    weights[s] = Scale * Dot(query, k.AsSpan((s * Width) + (head * Size), Size));
                    greatest = T.Max(greatest, weights[s]);
                }

                var sum = T.Zero;
                foreach (ref var weight in weights)
                {
                    weight = T.Exp(weight - greatest);
                    sum += weight;
                }

                var result = mixed.AsSpan((t * Width) + (head * Size), Size);
                result.Clear();
                for (var s = 0; s < weights.Length; s++)
                {
                    weights[s] /= sum;
                    Accumulate(result, weights[s], v.AsSpan((s * Width) + (head * Size), Size));
                }
            }
        }
    }

    public void Backward(T[] byMixed, T[] q, T[] k, T[] v, T[] byQ, T[] byK, T[] byV, int n)
    {
        Array.Clear(byQ);
        Array.Clear(byK);
        Array.Clear(byV);
        for (var head = 0; head < GptSetup.Heads; head++)
        {
            for (var t = 0; t < n; t++)
            {
                var place = (t * Width) + (head * Size);
                var result = byMixed.AsSpan(place, Size);
                var weights = _weights.AsSpan(((head * Context) + t) * Context, t + 1);
                var sum = T.Zero;
                for (var s = 0; s < weights.Length; s++)
                {
                    _byWeights[s] = Dot(result, v.AsSpan((s * Width) + (head * Size), Size));
                    Accumulate(byV.AsSpan((s * Width) + (head * Size), Size), weights[s], result);
                    sum += weights[s] * _byWeights[s];
                }

                for (var s = 0; s < weights.Length; s++)
                {
                    var byScore = Scale * weights[s] * (_byWeights[s] - sum);
                    Accumulate(byQ.AsSpan(place, Size), byScore, k.AsSpan((s * Width) + (head * Size), Size));
                    Accumulate(byK.AsSpan((s * Width) + (head * Size), Size), byScore, q.AsSpan(place, Size));
                }
            }
        }
    }

    private static T Dot(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        var sum = T.Zero;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static void Accumulate(Span<T> sum, T factor, ReadOnlySpan<T> x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            sum[i] += factor * x[i];
        }
    }
}
