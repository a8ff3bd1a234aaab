using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using FunctionalGrad.Learning;
using FunctionalGrad.Samples.Micrograd;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// A full-batch step of micrograd's demo: 100 points of two moons, a net 2 → 16 → 16 → 1 with ReLU, the mean hinge loss with
/// the squares of the parameters as a penalty, gradient descent.
/// </summary>
/// <typeparam name="T">The precision.</typeparam>
internal sealed class MoonsStep<T> : StepComparison<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int Count = 100;
    private const int Width = 16;
    private const double Penalty = 1e-4;
    private const double Rate = 0.5;

    // As many columns as two vectors have lanes; the last one used holds ones, so that a bias is a weight.
    private static readonly int Padded = 2 * Vector512<T>.Count;

    private readonly Mlp _net = Mlp.Of([2, Width, Width, 1], Activation.Relu);
    private readonly Point<double> _start;
    private readonly T[] _points;
    private readonly T[] _labels;
    private readonly T[] _padded;
    private readonly T[][] _parameters;
    private readonly T[][] _gradients;
    private readonly T[][] _next;
    private readonly T[] _h1 = new T[Count * Width];
    private readonly T[] _h2 = new T[Count * Width];
    private readonly T[] _d1 = new T[Count * Width];
    private readonly T[] _d2 = new T[Count * Width];
    private readonly T[] _slopes = new T[Count];
    private readonly T[] _transposed = new T[Width * Width];
    private readonly T[] _wide = new T[Width * Padded];
    private readonly MoonsData _data = MoonsData.Generate();

    public MoonsStep()
    {
        // Some steps into training, where most points are already outside the margin.
        var loss = LossOf(_data);
        _start = Optimiser.GradientDescent
            .Train(loss, _net.Initial(MersenneTwister.FromSeed(1337)).Point, Schedules.Linear(1, 0.1, Count))
            .ElementAt(20).Point;
        (_points, _labels) = (_data.Points.To<T>().ToArray(), _data.Labels.To<T>().ToArray());
        _parameters = [.. _net.Parameters.Select(parameter => _start[parameter].To<T>().ToArray())];
        _gradients = [.. _parameters.Select(parameter => new T[parameter.Length])];
        _next = [.. _parameters.Select(parameter => new T[parameter.Length])];
        _padded = new T[Count * Padded];
        for (var i = 0; i < Count; i++)
        {
            _points.AsSpan(2 * i, 2).CopyTo(_padded.AsSpan(i * Padded));
            _padded[(i * Padded) + 2] = T.One;
        }
    }

    protected override TrainingStep MakeStep() => TrainingStep.Of(LossOf(_data), _net.Parameters.AsSpan(), Optimiser.GradientDescent);

    protected override Point<double> MakePoint(TrainingStep step) => _start.With(step.Rate, Rate).With(step.Count, 1.0);

    protected override T[][] ByLoops()
    {
        foreach (var gradient in _gradients)
        {
            Array.Clear(gradient);
        }

        var hinge = T.Zero;
        for (var i = 0; i < Count; i++)
        {
            hinge += OfPoint(_points.AsSpan(2 * i, 2), _labels[i], _h1.AsSpan(0, Width), _h2.AsSpan(0, Width), _d2.AsSpan(0, Width));
        }

        var squares = T.Zero;
        for (var p = 0; p < _parameters.Length; p++)
        {
            var (parameter, gradient, next) = (_parameters[p], _gradients[p], _next[p]);
            for (var i = 0; i < parameter.Length; i++)
            {
                squares += parameter[i] * parameter[i];
                next[i] = parameter[i] - (T.CreateTruncating(Rate) * (gradient[i] + (T.CreateTruncating(2 * Penalty) * parameter[i])));
            }
        }

        return [[(hinge / T.CreateTruncating(Count)) + (T.CreateTruncating(Penalty) * squares)], .. _next];
    }

    protected override T[][] ByVectors()
    {
        var (w1, b1, w2, b2, w3) = (_parameters[0], _parameters[1], _parameters[2], _parameters[3], _parameters[4]);
        TunedProduct.Transpose<T>(w1, _transposed, Width, 2);
        TunedProduct.Write<T>(_points, 2, 1, _transposed, _h1, Count, Width, 2, b1);
        TensorPrimitives.Max(_h1, T.Zero, _h1);
        TunedProduct.Transpose<T>(w2, _transposed, Width, Width);
        TunedProduct.Write<T>(_h1, Width, 1, _transposed, _h2, Count, Width, Width, b2);
        TensorPrimitives.Max(_h2, T.Zero, _h2);
        var hinge = T.Zero;
        for (var i = 0; i < Count; i++)
        {
            var margin = T.One - (_labels[i] * (TensorPrimitives.Dot(_h2.AsSpan(i * Width, Width), w3) + _parameters[5][0]));
            hinge += T.Max(margin, T.Zero);
            _slopes[i] = margin > T.Zero ? -_labels[i] / T.CreateTruncating(Count) : T.Zero;
            TensorPrimitives.Multiply(w3, _slopes[i], _d2.AsSpan(i * Width, Width));
        }

        Mask(_d2, _h2);
        TunedProduct.Write<T>(_d2, Width, 1, w2, _d1, Count, Width, Width);
        Mask(_d1, _h1);
        TunedProduct.Write<T>(_d1, 1, Width, _padded, _wide, Width, Padded, Count);
        for (var o = 0; o < Width; o++)
        {
            _wide.AsSpan(o * Padded, 2).CopyTo(_gradients[0].AsSpan(2 * o));
            _gradients[1][o] = _wide[(o * Padded) + 2];
        }

        TunedProduct.Write<T>(_d2, 1, Width, _h1, _gradients[2], Width, Width, Count);
        TunedProduct.Write<T>(_slopes, 0, 1, _h2, _gradients[4], 1, Width, Count);
        Array.Clear(_gradients[3]);
        for (var i = 0; i < Count; i++)
        {
            TensorPrimitives.Add(_gradients[3], _d2.AsSpan(i * Width, Width), _gradients[3]);
        }

        _gradients[5][0] = TensorPrimitives.Sum<T>(_slopes);
        var squares = T.Zero;
        for (var p = 0; p < _parameters.Length; p++)
        {
            squares += TensorPrimitives.SumOfSquares<T>(_parameters[p]);
            TensorPrimitives.MultiplyAdd(_parameters[p], T.CreateTruncating(2 * Penalty), _gradients[p], _next[p]);
            TensorPrimitives.MultiplyAdd(_next[p], T.CreateTruncating(-Rate), _parameters[p], _next[p]);
        }

        return [[(hinge / T.CreateTruncating(Count)) + (T.CreateTruncating(Penalty) * squares)], .. _next];
    }

    private Expr LossOf(MoonsData data) =>
        Loss.Hinge(_net.Apply(data.Points).Reshape([Count]), data.Labels) + (Penalty * Loss.SumOfSquares([.. _net.Parameters]));

    // The hinge loss of a point; its gradient is added to the others'.
    private T OfPoint(ReadOnlySpan<T> x, T label, Span<T> h1, Span<T> h2, Span<T> d2)
    {
        var (w1, b1, w2, b2, w3) = (_parameters[0], _parameters[1], _parameters[2], _parameters[3], _parameters[4]);
        for (var o = 0; o < h1.Length; o++)
        {
            h1[o] = T.Max(b1[o] + (w1[2 * o] * x[0]) + (w1[(2 * o) + 1] * x[1]), T.Zero);
        }

        var score = _parameters[5][0];
        for (var o = 0; o < h2.Length; o++)
        {
            var sum = b2[o];
            var row = w2.AsSpan(o * Width, Width);
            for (var i = 0; i < row.Length; i++)
            {
                sum += row[i] * h1[i];
            }

            h2[o] = T.Max(sum, T.Zero);
            score += w3[o] * h2[o];
        }

        var margin = T.One - (label * score);
        if (margin <= T.Zero)
        {
            return T.Zero;
        }

        var slope = -label / T.CreateTruncating(Count);
        _gradients[5][0] += slope;
        for (var o = 0; o < d2.Length; o++)
        {
            _gradients[4][o] += slope * h2[o];
            d2[o] = h2[o] > T.Zero ? slope * w3[o] : T.Zero;
            _gradients[3][o] += d2[o];
        }

        for (var i = 0; i < h1.Length; i++)
        {
            if (h1[i] > T.Zero)
            {
                var sum = T.Zero;
                for (var o = 0; o < d2.Length; o++)
                {
                    _gradients[2][(o * Width) + i] += d2[o] * h1[i];
                    sum += d2[o] * w2[(o * Width) + i];
                }

                _gradients[0][2 * i] += sum * x[0];
                _gradients[0][(2 * i) + 1] += sum * x[1];
                _gradients[1][i] += sum;
            }
        }

        return margin;
    }

    private static void Mask(T[] values, T[] where)
    {
        for (var i = 0; i + Vector512<T>.Count <= values.Length; i += Vector512<T>.Count)
        {
            var positive = Vector512.GreaterThan(Vector512.LoadUnsafe(ref where[i]), Vector512<T>.Zero);
            Vector512.ConditionalSelect(positive, Vector512.LoadUnsafe(ref values[i]), Vector512<T>.Zero).StoreUnsafe(ref values[i]);
        }
    }
}
