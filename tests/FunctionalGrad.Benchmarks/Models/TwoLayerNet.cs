using System.Numerics.Tensors;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// A net of two layers as wide as each other, mean (relu(x·W + b)·V + c − y)² over a batch, by its weights and biases.
/// </summary>
/// <param name="batch">How many examples.</param>
/// <param name="width">How many inputs, hidden units and outputs.</param>
internal sealed class TwoLayerNet(int batch, int width) : GradientComparison
{
    private readonly double[] _x = Numbers.Between(-1, 1, batch * width, seed: 1);
    private readonly double[] _y = Numbers.Between(-1, 1, batch * width, seed: 2);
    private readonly double[] _w = Numbers.Between(-0.1, 0.1, width * width, seed: 3);
    private readonly double[] _b = Numbers.Between(-0.1, 0.1, width, seed: 4);
    private readonly double[] _v = Numbers.Between(-0.1, 0.1, width * width, seed: 5);
    private readonly double[] _c = Numbers.Between(-0.1, 0.1, width, seed: 6);
    private readonly double[] _hidden = new double[batch * width];
    private readonly double[] _output = new double[batch * width];
    private readonly double[] _byHidden = new double[batch * width];
    private readonly double[] _transposed = new double[width * width];
    private readonly Variable _inputs = Expr.Variable("x", [batch, width]);
    private readonly Variable _targets = Expr.Variable("y", [batch, width]);
    private readonly Variable _first = Expr.Variable("W", [width, width]);
    private readonly Variable _firstBias = Expr.Variable("b", [width]);
    private readonly Variable _second = Expr.Variable("V", [width, width]);
    private readonly Variable _secondBias = Expr.Variable("c", [width]);

    protected override Variable[] Variables => [_first, _firstBias, _second, _secondBias];

    protected override Expr Formula() =>
        (Expr.Relu(_inputs.MatMul(_first) + _firstBias).MatMul(_second) + _secondBias - _targets).Square().Mean();

    protected override Point<double> MakePoint() => Point.Of(
        (_inputs, Tensor.Of<double>([batch, width], _x)),
        (_targets, Tensor.Of<double>([batch, width], _y)),
        (_first, Tensor.Of<double>([width, width], _w)),
        (_firstBias, Tensor.Of<double>(_b)),
        (_second, Tensor.Of<double>([width, width], _v)),
        (_secondBias, Tensor.Of<double>(_c)));

    protected override double[][] ByLoops()
    {
        Layer(_x, _w, _b, _hidden);
        foreach (ref var h in _hidden.AsSpan())
        {
            h = Math.Max(h, 0);
        }

        Layer(_hidden, _v, _c, _output);
        var loss = Differences();
        var (byFirst, byFirstBias) = (new double[width * width], new double[width]);
        var (bySecond, bySecondBias) = (new double[width * width], new double[width]);
        for (var e = 0; e < batch; e++)
        {
            var byOutput = _output.AsSpan(e * width, width);
            var byHidden = _byHidden.AsSpan(e * width, width);
            for (var i = 0; i < byHidden.Length; i++)
            {
                var row = _v.AsSpan(i * width, width);
                var gradient = bySecond.AsSpan(i * width, width);
                var h = _hidden[(e * width) + i];
                var sum = 0.0;
                for (var j = 0; j < byOutput.Length; j++)
                {
                    gradient[j] += h * byOutput[j];
                    sum += byOutput[j] * row[j];
                }

                byHidden[i] = h > 0 ? sum : 0;
                byFirstBias[i] += byHidden[i];
                bySecondBias[i] += byOutput[i];
            }

            for (var i = 0; i < width; i++)
            {
                var gradient = byFirst.AsSpan(i * width, width);
                var x = _x[(e * width) + i];
                for (var j = 0; j < byHidden.Length; j++)
                {
                    gradient[j] += x * byHidden[j];
                }
            }
        }

        return [[loss], byFirst, byFirstBias, bySecond, bySecondBias];
    }

    protected override double[][] ByVectors()
    {
        TunedProduct.Write<double>(_x, width, 1, _w, _hidden, batch, width, width, _b);
        TensorPrimitives.Max(_hidden, 0, _hidden);
        TunedProduct.Write<double>(_hidden, width, 1, _v, _output, batch, width, width, _c);
        var loss = Differences();
        var (byFirst, byFirstBias) = (new double[width * width], new double[width]);
        var (bySecond, bySecondBias) = (new double[width * width], new double[width]);
        TunedProduct.Write<double>(_hidden, 1, width, _output, bySecond, width, width, batch);
        TunedProduct.Transpose<double>(_v, _transposed, width, width);
        TunedProduct.Write<double>(_output, width, 1, _transposed, _byHidden, batch, width, width);
        for (var i = 0; i < _hidden.Length; i++)
        {
            _byHidden[i] = _hidden[i] > 0 ? _byHidden[i] : 0;
        }

        TunedProduct.Write<double>(_x, 1, width, _byHidden, byFirst, width, width, batch);
        for (var e = 0; e < batch; e++)
        {
            TensorPrimitives.Add(byFirstBias, _byHidden.AsSpan(e * width, width), byFirstBias);
            TensorPrimitives.Add(bySecondBias, _output.AsSpan(e * width, width), bySecondBias);
        }

        return [[loss], byFirst, byFirstBias, bySecond, bySecondBias];
    }

    private void Layer(double[] input, double[] weights, double[] bias, double[] result)
    {
        for (var e = 0; e < batch; e++)
        {
            var sums = result.AsSpan(e * width, width);
            bias.CopyTo(sums);
            for (var i = 0; i < width; i++)
            {
                var row = weights.AsSpan(i * width, width);
                var x = input[(e * width) + i];
                for (var j = 0; j < sums.Length; j++)
                {
                    sums[j] += x * row[j];
                }
            }
        }
    }

    // From the outputs the loss, and in their place its derivatives by them.
    private double Differences()
    {
        var loss = 0.0;
        for (var i = 0; i < _output.Length; i++)
        {
            var difference = _output[i] - _y[i];
            loss += difference * difference;
            _output[i] = 2 * difference / _output.Length;
        }

        return loss / _output.Length;
    }
}
