using System.Numerics.Tensors;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// A step of a long short-term memory cell: with input, forget and output gates i, f, o and candidate g all of the form
/// logistic or tanh of (x, h)·W + b, the cell becomes c' = f·c + i·g and the state h' = o·tanh c'. The mean square of h' − y,
/// by W, b, h and c.
/// </summary>
/// <param name="hidden">How many units, and inputs.</param>
internal sealed class LstmStep(int hidden) : GradientComparison
{
    private readonly double[] _xh = [.. Numbers.Between(-1, 1, hidden, seed: 1), .. Numbers.Between(-1, 1, hidden, seed: 2)];
    private readonly double[] _c = Numbers.Between(-1, 1, hidden, seed: 3);
    private readonly double[] _y = Numbers.Between(-1, 1, hidden, seed: 4);
    private readonly double[] _w = Numbers.Between(-0.1, 0.1, 2 * hidden * 4 * hidden, seed: 5);
    private readonly double[] _b = Numbers.Between(-0.1, 0.1, 4 * hidden, seed: 6);
    private readonly double[] _gates = new double[4 * hidden];
    private readonly double[] _byGates = new double[4 * hidden];
    private readonly Variable _inputs = Expr.Variable("x", [hidden]);
    private readonly Variable _state = Expr.Variable("h", [hidden]);
    private readonly Variable _cell = Expr.Variable("c", [hidden]);
    private readonly Variable _targets = Expr.Variable("y", [hidden]);
    private readonly Variable _weights = Expr.Variable("W", [2 * hidden, 4 * hidden]);
    private readonly Variable _bias = Expr.Variable("b", [4 * hidden]);

    protected override Variable[] Variables => [_weights, _bias, _state, _cell];

    protected override Expr Formula()
    {
        var sums = Expr.Concatenate([_inputs, _state]).MatMul(_weights) + _bias;
        Expr Gate(int k) => sums.Slice((k * hidden)..((k + 1) * hidden));
        var cell = (Expr.Logistic(Gate(1)) * _cell) + (Expr.Logistic(Gate(0)) * Expr.Tanh(Gate(3)));
        return ((Expr.Logistic(Gate(2)) * Expr.Tanh(cell)) - _targets).Square().Mean();
    }

    protected override Point<double> MakePoint() => Point.Of(
        (_inputs, Tensor.Of<double>(_xh[..hidden])),
        (_state, Tensor.Of<double>(_xh[hidden..])),
        (_cell, Tensor.Of<double>(_c)),
        (_targets, Tensor.Of<double>(_y)),
        (_weights, Tensor.Of<double>([2 * hidden, 4 * hidden], _w)),
        (_bias, Tensor.Of<double>(_b)));

    protected override double[][] ByLoops()
    {
        var columns = 4 * hidden;
        _b.CopyTo(_gates, 0);
        for (var i = 0; i < 2 * hidden; i++)
        {
            var row = _w.AsSpan(i * columns, columns);
            var x = _xh[i];
            for (var j = 0; j < row.Length; j++)
            {
                _gates[j] += x * row[j];
            }
        }

        var (byWeights, byState, byCell) = (new double[_w.Length], new double[hidden], new double[hidden]);
        var loss = Cell(byCell);
        for (var i = 0; i < 2 * hidden; i++)
        {
            var row = byWeights.AsSpan(i * columns, columns);
            var x = _xh[i];
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = x * _byGates[j];
            }
        }

        for (var i = 0; i < hidden; i++)
        {
            var row = _w.AsSpan((hidden + i) * columns, columns);
            var sum = 0.0;
            for (var j = 0; j < row.Length; j++)
            {
                sum += row[j] * _byGates[j];
            }

            byState[i] = sum;
        }

        return [[loss], byWeights, [.. _byGates], byState, byCell];
    }

    protected override double[][] ByVectors()
    {
        var columns = 4 * hidden;
        TunedProduct.Write<double>(_xh, 0, 1, _w, _gates, 1, columns, 2 * hidden, _b);
        var (byWeights, byState, byCell) = (new double[_w.Length], new double[hidden], new double[hidden]);
        TensorPrimitives.Sigmoid(_gates.AsSpan(..(3 * hidden)), _gates);
        TensorPrimitives.Tanh(_gates.AsSpan(3 * hidden), _gates.AsSpan(3 * hidden));
        var loss = 0.0;
        for (var k = 0; k < hidden; k++)
        {
            loss += FromGates(k, byCell, _gates[k], _gates[hidden + k], _gates[(2 * hidden) + k], _gates[(3 * hidden) + k]);
        }

        for (var i = 0; i < 2 * hidden; i++)
        {
            var row = _w.AsSpan(i * columns, columns);
            TensorPrimitives.Multiply(_byGates, _xh[i], byWeights.AsSpan(i * columns, columns));
            if (i >= hidden)
            {
                byState[i - hidden] = TensorPrimitives.Dot(row, _byGates);
            }
        }

        return [[loss], byWeights, [.. _byGates], byState, byCell];
    }

    // From the sums of the gates the loss, the derivatives by the sums and by the cell.
    private double Cell(double[] byCell)
    {
        var loss = 0.0;
        for (var k = 0; k < hidden; k++)
        {
            loss += FromGates(
                k, byCell, Logistic(_gates[k]), Logistic(_gates[hidden + k]), Logistic(_gates[(2 * hidden) + k]), Math.Tanh(_gates[(3 * hidden) + k]));
        }

        return loss;
    }

    private double FromGates(int k, double[] byCell, double input, double forget, double output, double candidate)
    {
        var tanh = Math.Tanh((forget * _c[k]) + (input * candidate));
        var difference = (output * tanh) - _y[k];
        var byState = 2 * difference / hidden;
        var slope = byState * output * (1 - (tanh * tanh));
        _byGates[k] = slope * candidate * input * (1 - input);
        _byGates[hidden + k] = slope * _c[k] * forget * (1 - forget);
        _byGates[(2 * hidden) + k] = byState * tanh * output * (1 - output);
        _byGates[(3 * hidden) + k] = slope * input * (1 - (candidate * candidate));
        byCell[k] = slope * forget;
        return difference * difference / hidden;
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
