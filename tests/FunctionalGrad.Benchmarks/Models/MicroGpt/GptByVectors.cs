using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// microgpt tuned: an activation lies feature by feature, with the positions of a feature side by side in vectors, so that
/// matrix products take weights as they lie, in both directions, and norms and softmaxes need no sum across lanes.
/// </summary>
internal sealed class GptByVectors<T> : IGptByHand<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int Context = GptSetup.Context;
    private const int Width = GptSetup.Width;
    private const int Hidden = GptSetup.Hidden;
    private const int Vocabulary = GptSetup.Vocabulary;

    private static int Lanes => Vector512<T>.Count;

    private readonly T[][] _gradients = GptState<T>.Zeros();
    private readonly GptAttentionByVectors<T> _attention = new();
    private readonly T[] _x0 = new T[Context * Width];
    private readonly T[] _x1 = new T[Context * Width];
    private readonly T[] _n1 = new T[Context * Width];
    private readonly T[] _q = new T[Context * Width];
    private readonly T[] _k = new T[Context * Width];
    private readonly T[] _v = new T[Context * Width];
    private readonly T[] _mixed = new T[Context * Width];
    private readonly T[] _x2 = new T[Context * Width];
    private readonly T[] _n2 = new T[Context * Width];
    private readonly T[] _h = new T[Context * Hidden];
    private readonly T[] _x3 = new T[Context * Width];
    private readonly T[] _logits = new T[Context * Vocabulary];
    private readonly T[] _scale0 = new T[Context];
    private readonly T[] _scale1 = new T[Context];
    private readonly T[] _scale2 = new T[Context];
    private readonly T[] _live = new T[Context];
    private readonly T[] _byX = new T[Context * Width];
    private readonly T[] _byX0 = new T[Context * Width];
    private readonly T[] _byN = new T[Context * Width];
    private readonly T[] _byNPart = new T[Context * Width];
    private readonly T[] _byH = new T[Context * Hidden];
    private readonly T[] _byMixed = new T[Context * Width];
    private readonly T[] _byQ = new T[Context * Width];
    private readonly T[] _byK = new T[Context * Width];
    private readonly T[] _byV = new T[Context * Width];
    private readonly T[] _transposed = new T[Context * Hidden];

    public T Step(GptState<T> from, GptState<T> to, int[] document, double rate, int count)
    {
        var n = GptSetup.LengthOf(document);
        var stride = (n + Lanes - 1) / Lanes * Lanes;
        Forward(from.Parameters, document, n, stride);
        var loss = CrossEntropy(document, n, stride);
        Backward(from.Parameters, document, n, stride);
        Adam(from, to, rate, count);
        return loss;
    }

    private void Forward(T[][] p, int[] document, int n, int stride)
    {
        Array.Clear(_x0);
        for (var t = 0; t < n; t++)
        {
            var token = p[0].AsSpan(document[t] * Width, Width);
            var position = p[1].AsSpan(t * Width, Width);
            for (var i = 0; i < Width; i++)
            {
                _x0[(i * stride) + t] = token[i] + position[i];
            }
        }

        Normalise(_x0, _x1, _scale0, stride);
        Normalise(_x1, _n1, _scale1, stride);
        Linear(p[2], _n1, _q, Width, Width, stride);
        Linear(p[3], _n1, _k, Width, Width, stride);
        Linear(p[4], _n1, _v, Width, Width, stride);
        _attention.Forward(_q, _k, _v, _mixed, n, stride);
        Linear(p[5], _mixed, _x2, Width, Width, stride);
        TensorPrimitives.Add(_x2, _x1, _x2);
        Normalise(_x2, _n2, _scale2, stride);
        Linear(p[6], _n2, _h, Hidden, Width, stride);
        TensorPrimitives.Max(_h.AsSpan(..(Hidden * stride)), T.Zero, _h);
        Linear(p[7], _h, _x3, Width, Hidden, stride);
        TensorPrimitives.Add(_x3, _x2, _x3);
        Linear(p[8], _x3, _logits, Vocabulary, Width, stride);
    }

    private void Backward(T[][] p, int[] document, int n, int stride)
    {
        LinearBack(p[8], _logits, _byX, Vocabulary, Width, stride);
        OfWeights(_logits, _x3, _gradients[8], Vocabulary, Width, n, stride);
        LinearBack(p[7], _byX, _byH, Width, Hidden, stride);
        OfWeights(_byX, _h, _gradients[7], Width, Hidden, n, stride);
        for (var i = 0; i < Hidden * stride; i += Lanes)
        {
            var on = Vector512.GreaterThan(Vector512.LoadUnsafe(ref _h[i]), Vector512<T>.Zero);
            (Vector512.LoadUnsafe(ref _byH[i]) & on).StoreUnsafe(ref _byH[i]);
        }

        LinearBack(p[6], _byH, _byN, Hidden, Width, stride);
        OfWeights(_byH, _n2, _gradients[6], Hidden, Width, n, stride);
        NormaliseBack(_byN, _x2, _scale2, _byX, _byX, stride);
        LinearBack(p[5], _byX, _byMixed, Width, Width, stride);
        OfWeights(_byX, _mixed, _gradients[5], Width, Width, n, stride);
        _attention.Backward(_byMixed, _q, _k, _v, _byQ, _byK, _byV, n, stride);
        LinearBack(p[2], _byQ, _byN, Width, Width, stride);
        LinearBack(p[3], _byK, _byNPart, Width, Width, stride);
        TensorPrimitives.Add(_byN, _byNPart, _byN);
        LinearBack(p[4], _byV, _byNPart, Width, Width, stride);
        TensorPrimitives.Add(_byN, _byNPart, _byN);
        var transposed = Transposed(_n1, Width, stride);
        TunedProduct.Write(_byQ, stride, 1, transposed, _gradients[2], Width, Width, n);
        TunedProduct.Write(_byK, stride, 1, transposed, _gradients[3], Width, Width, n);
        TunedProduct.Write(_byV, stride, 1, transposed, _gradients[4], Width, Width, n);
        NormaliseBack(_byN, _x1, _scale1, _byX, _byX, stride);
        NormaliseBack(_byX, _x0, _scale0, null, _byX0, stride);
        Array.Clear(_gradients[0]);
        Array.Clear(_gradients[1]);
        Transposed(_byX0, Width, stride)[..(n * Width)].CopyTo(_gradients[1]);
        for (var t = 0; t < n; t++)
        {
            var row = _gradients[0].AsSpan(document[t] * Width, Width);
            TensorPrimitives.Add(row, _gradients[1].AsSpan(t * Width, Width), row);
        }
    }

    private T CrossEntropy(int[] document, int n, int stride)
    {
        var loss = T.Zero;
        for (var t = 0; t < n; t++)
        {
            loss -= _logits[(document[t + 1] * stride) + t];
        }

        // Lanes beyond the last position count for nothing.
        Array.Clear(_live);
        _live.AsSpan(..n).Fill(T.One / T.CreateTruncating(n));
        var logits = _logits.AsSpan(..(Vocabulary * stride));
        for (var lane = 0; lane < stride; lane += Lanes)
        {
            var greatest = Vector512.LoadUnsafe(ref logits[lane]);
            for (var i = lane; i < logits.Length; i += stride)
            {
                greatest = Vector512.Max(greatest, Vector512.LoadUnsafe(ref logits[i]));
            }

            for (var i = lane; i < logits.Length; i += stride)
            {
                (Vector512.LoadUnsafe(ref logits[i]) - greatest).StoreUnsafe(ref logits[i]);
            }

            for (var t = lane; t < Math.Min(n, lane + Lanes); t++)
            {
                loss += greatest[t - lane];
            }
        }

        TensorPrimitives.Exp(logits, logits);
        for (var lane = 0; lane < stride; lane += Lanes)
        {
            var sum = Vector512<T>.Zero;
            for (var i = lane; i < logits.Length; i += stride)
            {
                sum += Vector512.LoadUnsafe(ref logits[i]);
            }

            var scale = Vector512.LoadUnsafe(ref _live[lane]) / sum;
            for (var i = lane; i < logits.Length; i += stride)
            {
                (Vector512.LoadUnsafe(ref logits[i]) * scale).StoreUnsafe(ref logits[i]);
            }

            for (var t = lane; t < Math.Min(n, lane + Lanes); t++)
            {
                loss += T.Log(sum[t - lane]);
                logits[(document[t + 1] * stride) + t] -= _live[t];
            }
        }

        return loss / T.CreateTruncating(n);
    }

    private void Adam(GptState<T> from, GptState<T> to, double rate, int count)
    {
        var (beta1, beta2) = (Vector512.Create(T.CreateTruncating(GptSetup.Beta1)), Vector512.Create(T.CreateTruncating(GptSetup.Beta2)));
        var (rest1, rest2) = (Vector512<T>.One - beta1, Vector512<T>.One - beta2);
        var epsilon = Vector512.Create(T.CreateTruncating(GptSetup.Epsilon));
        var step = Vector512.Create(T.CreateTruncating(rate / (1 - Math.Pow(GptSetup.Beta1, count))));
        var correction = Vector512.Create(T.CreateTruncating(1 / (1 - Math.Pow(GptSetup.Beta2, count))));
        for (var k = 0; k < _gradients.Length; k++)
        {
            for (var i = 0; i < _gradients[k].Length; i += Lanes)
            {
                var g = Vector512.LoadUnsafe(ref _gradients[k][i]);
                var mean = TunedProduct.Add(beta1, Vector512.LoadUnsafe(ref from.Means[k][i]), rest1 * g);
                var square = TunedProduct.Add(beta2, Vector512.LoadUnsafe(ref from.Squares[k][i]), rest2 * g * g);
                mean.StoreUnsafe(ref to.Means[k][i]);
                square.StoreUnsafe(ref to.Squares[k][i]);
                var move = step * mean / (Vector512.Sqrt(square * correction) + epsilon);
                (Vector512.LoadUnsafe(ref from.Parameters[k][i]) - move).StoreUnsafe(ref to.Parameters[k][i]);
            }
        }
    }

    private static void Linear(T[] weights, T[] x, T[] y, int outputs, int inputs, int stride) =>
        TunedProduct.Write<T>(weights, inputs, 1, x, y, outputs, stride, inputs);

    private static void LinearBack(T[] weights, T[] byY, T[] byX, int outputs, int inputs, int stride) =>
        TunedProduct.Write<T>(weights, 1, inputs, byY, byX, inputs, stride, outputs);

    private void OfWeights(T[] byY, T[] x, T[] gradient, int outputs, int inputs, int n, int stride) =>
        TunedProduct.Write(byY, stride, 1, Transposed(x, inputs, stride), gradient, outputs, inputs, n);

    private ReadOnlySpan<T> Transposed(T[] x, int features, int stride)
    {
        TunedProduct.Transpose<T>(x, _transposed, features, stride);
        return _transposed.AsSpan(..(features * stride));
    }

    private static void Normalise(T[] x, T[] y, T[] scales, int stride)
    {
        for (var lane = 0; lane < stride; lane += Lanes)
        {
            var squares = Vector512<T>.Zero;
            for (var i = lane; i < Width * stride; i += stride)
            {
                var value = Vector512.LoadUnsafe(ref x[i]);
                squares = TunedProduct.Add(value, value, squares);
            }

            var scale = Vector512<T>.One / Vector512.Sqrt((squares * T.CreateTruncating(1.0 / Width)) + Vector512.Create(T.CreateTruncating(1e-5)));
            scale.StoreUnsafe(ref scales[lane]);
            for (var i = lane; i < Width * stride; i += stride)
            {
                (Vector512.LoadUnsafe(ref x[i]) * scale).StoreUnsafe(ref y[i]);
            }
        }
    }

    // What comes past the norm is added, where there is a way past it.
    private static void NormaliseBack(T[] byY, T[] x, T[] scales, T[]? past, T[] byX, int stride)
    {
        for (var lane = 0; lane < stride; lane += Lanes)
        {
            var dot = Vector512<T>.Zero;
            for (var i = lane; i < Width * stride; i += stride)
            {
                dot = TunedProduct.Add(Vector512.LoadUnsafe(ref byY[i]), Vector512.LoadUnsafe(ref x[i]), dot);
            }

            var scale = Vector512.LoadUnsafe(ref scales[lane]);
            var common = scale * scale * scale * dot * T.CreateTruncating(1.0 / Width);
            for (var i = lane; i < Width * stride; i += stride)
            {
                var other = past is null ? Vector512<T>.Zero : Vector512.LoadUnsafe(ref past[i]);
                (other + (scale * Vector512.LoadUnsafe(ref byY[i])) - (common * Vector512.LoadUnsafe(ref x[i]))).StoreUnsafe(ref byX[i]);
            }
        }
    }
}
