namespace FunctionalGrad.Benchmarks;

/// <summary>
/// Layers of LSTM cells that weigh each bit by itself, and their loss by all parameters: forwards with everything kept, then
/// backwards through time.
/// </summary>
/// <param name="layers">How many layers.</param>
/// <param name="characters">How many characters.</param>
internal sealed class LstmByHand(int layers, int characters) : GradBenchComparison("lstm", "objective", "jacobian")
{
    private const int Bits = 14;

    // What is kept of a bit in a layer at a step: what came in, what was given last, the cell before, the four gates, and tanh of
    // the cell.
    private const int Kept = 8;

    private readonly double[] _parameters = Numbers.Between(0, 1, 8 * layers * Bits, seed: 1);
    private readonly double[] _ends = Numbers.Between(0, 1, 3 * Bits, seed: 2);
    private readonly double[] _state = Numbers.Between(0, 1, 2 * layers * Bits, seed: 3);
    private readonly double[] _sequence = [.. Numbers.Between(0, 1, characters * Bits, seed: 4).Select(bit => Math.Round(bit))];
    private readonly double[] _kept = new double[(characters - 1) * layers * Bits * Kept];
    private readonly double[] _predictions = new double[(characters - 1) * Bits];
    private readonly double[] _byState = new double[2 * layers * Bits];

    protected override Dictionary<string, object> Input() => new()
    {
        ["main_params"] = Rows(_parameters, 4 * Bits),
        ["extra_params"] = Rows(_ends, Bits),
        ["state"] = Rows(_state, Bits),
        ["sequence"] = Rows(_sequence, Bits),
    };

    protected override double[] ByLoops()
    {
        Forwards();
        var gradient = new double[_parameters.Length + _ends.Length];
        Array.Clear(_byState);
        var scale = -1.0 / ((characters - 1) * Bits);
        for (var t = characters - 2; t >= 0; t--)
        {
            var (targets, total) = (0.0, 2.0);
            for (var j = 0; j < Bits; j++)
            {
                targets += _sequence[((t + 1) * Bits) + j];
                total += Math.Exp(_predictions[(t * Bits) + j]);
            }

            for (var j = 0; j < Bits; j++)
            {
                var byPrediction = scale * (_sequence[((t + 1) * Bits) + j] - (targets * Math.Exp(_predictions[(t * Bits) + j]) / total));
                Backwards(t, j, byPrediction, gradient);
            }
        }

        return gradient;
    }

    private void Forwards()
    {
        double[] state = [.. _state];
        for (var t = 0; t < characters - 1; t++)
        {
            for (var j = 0; j < Bits; j++)
            {
                var signal = _sequence[(t * Bits) + j] * _ends[j];
                for (var layer = 0; layer < layers; layer++)
                {
                    var kept = _kept.AsSpan(((((t * layers) + layer) * Bits) + j) * Kept, Kept);
                    ref var last = ref state[(2 * layer * Bits) + j];
                    ref var cell = ref state[(((2 * layer) + 1) * Bits) + j];
                    (kept[0], kept[1], kept[2]) = (signal, last, cell);
                    kept[3] = Logistic(Weighed(layer, 0, j, signal));
                    kept[4] = Logistic(Weighed(layer, 1, j, last));
                    kept[5] = Logistic(Weighed(layer, 2, j, signal));
                    kept[6] = Math.Tanh(Weighed(layer, 3, j, last));
                    cell = (cell * kept[3]) + (kept[4] * kept[6]);
                    kept[7] = Math.Tanh(cell);
                    signal = last = kept[5] * kept[7];
                }

                _predictions[(t * Bits) + j] = (signal * _ends[Bits + j]) + _ends[(2 * Bits) + j];
            }
        }
    }

    private void Backwards(int t, int j, double byPrediction, double[] gradient)
    {
        var ends = _parameters.Length;
        var top = _kept.AsSpan(((((t * layers) + layers - 1) * Bits) + j) * Kept, Kept);
        gradient[ends + Bits + j] += byPrediction * top[5] * top[7];
        gradient[ends + (2 * Bits) + j] += byPrediction;
        var bySignal = byPrediction * _ends[Bits + j];
        for (var layer = layers - 1; layer >= 0; layer--)
        {
            var kept = _kept.AsSpan(((((t * layers) + layer) * Bits) + j) * Kept, Kept);
            ref var byLast = ref _byState[(2 * layer * Bits) + j];
            ref var byCell = ref _byState[(((2 * layer) + 1) * Bits) + j];
            var byGiven = bySignal + byLast;
            var ofCell = byCell + (byGiven * kept[5] * (1 - (kept[7] * kept[7])));
            (bySignal, byLast, byCell) = (0, 0, ofCell * kept[3]);
            bySignal += Gate(layer, 0, j, ofCell * kept[2] * kept[3] * (1 - kept[3]), kept[0], gradient);
            byLast += Gate(layer, 1, j, ofCell * kept[6] * kept[4] * (1 - kept[4]), kept[1], gradient);
            bySignal += Gate(layer, 2, j, byGiven * kept[7] * kept[5] * (1 - kept[5]), kept[0], gradient);
            byLast += Gate(layer, 3, j, ofCell * kept[4] * (1 - (kept[6] * kept[6])), kept[1], gradient);
        }

        gradient[ends + j] += bySignal * _sequence[(t * Bits) + j];
    }

    // What a gate is worth goes to its weight and its bias; what it is worth to its input is returned.
    private double Gate(int layer, int gate, int j, double worth, double input, double[] gradient)
    {
        var weight = (8 * layer * Bits) + (gate * Bits) + j;
        gradient[weight] += worth * input;
        gradient[weight + (4 * Bits)] += worth;
        return worth * _parameters[weight];
    }

    private double Weighed(int layer, int gate, int j, double x)
    {
        var weight = (8 * layer * Bits) + (gate * Bits) + j;
        return (x * _parameters[weight]) + _parameters[weight + (4 * Bits)];
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
