using System.Numerics;

namespace FunctionalGrad.Benchmarks;

/// <summary>microgpt by straightforward loops: activations row by row, a row for each position.</summary>
internal sealed class GptByLoops<T> : IGptByHand<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int Context = GptSetup.Context;
    private const int Width = GptSetup.Width;
    private const int Hidden = GptSetup.Hidden;
    private const int Vocabulary = GptSetup.Vocabulary;

    private readonly T[][] _gradients = GptState<T>.Zeros();
    private readonly GptAttention<T> _attention = new();
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
    private readonly T[] _byX = new T[Context * Width];
    private readonly T[] _byX0 = new T[Context * Width];
    private readonly T[] _byN = new T[Context * Width];
    private readonly T[] _byH = new T[Context * Hidden];
    private readonly T[] _byMixed = new T[Context * Width];
    private readonly T[] _byQ = new T[Context * Width];
    private readonly T[] _byK = new T[Context * Width];
    private readonly T[] _byV = new T[Context * Width];

    public T Step(GptState<T> from, GptState<T> to, int[] document, double rate, int count)
    {
        var n = GptSetup.LengthOf(document);
        Forward(from.Parameters, document, n);
        foreach (var gradient in _gradients)
        {
            Array.Clear(gradient);
        }

        var loss = CrossEntropy(document, n);
        Backward(from.Parameters, document, n);
        Adam(from, to, rate, count);
        return loss;
    }

    private void Forward(T[][] p, int[] document, int n)
    {
        for (var t = 0; t < n; t++)
        {
            for (var i = 0; i < Width; i++)
            {
                _x0[(t * Width) + i] = p[0][(document[t] * Width) + i] + p[1][(t * Width) + i];
            }
        }

        Normalise(_x0, _x1, _scale0, n);
        Normalise(_x1, _n1, _scale1, n);
        Linear(_n1, p[2], _q, n, Width, Width);
        Linear(_n1, p[3], _k, n, Width, Width);
        Linear(_n1, p[4], _v, n, Width, Width);
        _attention.Forward(_q, _k, _v, _mixed, n);
        Linear(_mixed, p[5], _x2, n, Width, Width);
        Add(_x2, _x1, n * Width);
        Normalise(_x2, _n2, _scale2, n);
        Linear(_n2, p[6], _h, n, Width, Hidden);
        for (var i = 0; i < n * Hidden; i++)
        {
            _h[i] = T.Max(_h[i], T.Zero);
        }

        Linear(_h, p[7], _x3, n, Hidden, Width);
        Add(_x3, _x2, n * Width);
        Linear(_x3, p[8], _logits, n, Width, Vocabulary);
    }

    private void Backward(T[][] p, int[] document, int n)
    {
        Array.Clear(_byX);
        LinearBack(_logits, _x3, p[8], _byX, _gradients[8], n, Width, Vocabulary);
        Array.Clear(_byH);
        LinearBack(_byX, _h, p[7], _byH, _gradients[7], n, Hidden, Width);
        for (var i = 0; i < n * Hidden; i++)
        {
            _byH[i] = _h[i] > T.Zero ? _byH[i] : T.Zero;
        }

        Array.Clear(_byN);
        LinearBack(_byH, _n2, p[6], _byN, _gradients[6], n, Width, Hidden);
        NormaliseBack(_byN, _x2, _scale2, _byX, n);
        Array.Clear(_byMixed);
        LinearBack(_byX, _mixed, p[5], _byMixed, _gradients[5], n, Width, Width);
        _attention.Backward(_byMixed, _q, _k, _v, _byQ, _byK, _byV, n);
        Array.Clear(_byN);
        LinearBack(_byQ, _n1, p[2], _byN, _gradients[2], n, Width, Width);
        LinearBack(_byK, _n1, p[3], _byN, _gradients[3], n, Width, Width);
        LinearBack(_byV, _n1, p[4], _byN, _gradients[4], n, Width, Width);
        NormaliseBack(_byN, _x1, _scale1, _byX, n);
        Array.Clear(_byX0);
        NormaliseBack(_byX, _x0, _scale0, _byX0, n);
        for (var t = 0; t < n; t++)
        {
            for (var i = 0; i < Width; i++)
            {
                _gradients[0][(document[t] * Width) + i] += _byX0[(t * Width) + i];
                _gradients[1][(t * Width) + i] += _byX0[(t * Width) + i];
            }
        }
    }

    // The mean loss; in place of the logits its derivatives by them.
    private T CrossEntropy(int[] document, int n)
    {
        var loss = T.Zero;
        for (var t = 0; t < n; t++)
        {
            var row = _logits.AsSpan(t * Vocabulary, Vocabulary);
            var greatest = row[0];
            foreach (var logit in row)
            {
                greatest = T.Max(greatest, logit);
            }

            var target = row[document[t + 1]];
            var sum = T.Zero;
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = T.Exp(row[i] - greatest);
                sum += row[i];
            }

            loss += greatest + T.Log(sum) - target;
            var scale = T.One / (sum * T.CreateTruncating(n));
            for (var i = 0; i < row.Length; i++)
            {
                row[i] *= scale;
            }

            row[document[t + 1]] -= T.One / T.CreateTruncating(n);
        }

        return loss / T.CreateTruncating(n);
    }

    private void Adam(GptState<T> from, GptState<T> to, double rate, int count)
    {
        var (beta1, beta2) = (T.CreateTruncating(GptSetup.Beta1), T.CreateTruncating(GptSetup.Beta2));
        var epsilon = T.CreateTruncating(GptSetup.Epsilon);
        var step = T.CreateTruncating(rate / (1 - Math.Pow(GptSetup.Beta1, count)));
        var correction = T.CreateTruncating(1 / (1 - Math.Pow(GptSetup.Beta2, count)));
        for (var k = 0; k < _gradients.Length; k++)
        {
            var (gradient, parameter, mean, square) = (_gradients[k], from.Parameters[k], from.Means[k], from.Squares[k]);
            var (nextParameter, nextMean, nextSquare) = (to.Parameters[k], to.Means[k], to.Squares[k]);
            for (var i = 0; i < gradient.Length; i++)
            {
                var g = gradient[i];
                var m = (beta1 * mean[i]) + ((T.One - beta1) * g);
                var s = (beta2 * square[i]) + ((T.One - beta2) * g * g);
                nextMean[i] = m;
                nextSquare[i] = s;
                nextParameter[i] = parameter[i] - (step * m / (T.Sqrt(s * correction) + epsilon));
            }
        }
    }

    private static void Add(T[] sum, T[] other, int count)
    {
        for (var i = 0; i < count; i++)
        {
            sum[i] += other[i];
        }
    }

    private static void Normalise(T[] x, T[] y, T[] scales, int n)
    {
        for (var t = 0; t < n; t++)
        {
            var (from, to) = (t * Width, (t + 1) * Width);
            var squares = T.Zero;
            for (var i = from; i < to; i++)
            {
                squares += x[i] * x[i];
            }

            scales[t] = T.One / T.Sqrt((squares / T.CreateTruncating(Width)) + T.CreateTruncating(1e-5));
            for (var i = from; i < to; i++)
            {
                y[i] = x[i] * scales[t];
            }
        }
    }

    private static void NormaliseBack(T[] byY, T[] x, T[] scales, T[] byX, int n)
    {
        for (var t = 0; t < n; t++)
        {
            var (from, to) = (t * Width, (t + 1) * Width);
            var dot = T.Zero;
            for (var i = from; i < to; i++)
            {
                dot += byY[i] * x[i];
            }

            var scale = scales[t];
            var common = scale * scale * scale * dot / T.CreateTruncating(Width);
            for (var i = from; i < to; i++)
            {
                byX[i] += (scale * byY[i]) - (common * x[i]);
            }
        }
    }

    private static void Linear(T[] x, T[] weights, T[] y, int n, int inputs, int outputs)
    {
        for (var t = 0; t < n; t++)
        {
            var input = x.AsSpan(t * inputs, inputs);
            for (var o = 0; o < outputs; o++)
            {
                var row = weights.AsSpan(o * inputs, inputs);
                var sum = T.Zero;
                for (var i = 0; i < row.Length; i++)
                {
                    sum += row[i] * input[i];
                }

                y[(t * outputs) + o] = sum;
            }
        }
    }

    private static void LinearBack(T[] byY, T[] x, T[] weights, T[] byX, T[] byWeights, int n, int inputs, int outputs)
    {
        for (var t = 0; t < n; t++)
        {
            var input = x.AsSpan(t * inputs, inputs);
            var byInput = byX.AsSpan(t * inputs, inputs);
            for (var o = 0; o < outputs; o++)
            {
                var slope = byY[(t * outputs) + o];
                if (slope == T.Zero)
                {
                    continue;
                }

                var row = weights.AsSpan(o * inputs, inputs);
                var byRow = byWeights.AsSpan(o * inputs, inputs);
                for (var i = 0; i < row.Length; i++)
                {
                    byInput[i] += slope * row[i];
                    byRow[i] += slope * input[i];
                }
            }
        }
    }
}
