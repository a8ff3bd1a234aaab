namespace FunctionalGrad.Tests.Samples;

/// <summary>The loss of GradBench's LSTM in plain loops.</summary>
internal static class LstmByLoops
{
    public static double Loss(double[] parameters, double[] state, double[] sequence, int layers, int bits)
    {
        double[] current = [.. state];
        var (steps, total, ends) = ((sequence.Length / bits) - 1, 0.0, 8 * layers * bits);
        for (var t = 0; t < steps; t++)
        {
            var prediction = new double[bits];
            for (var j = 0; j < bits; j++)
            {
                var signal = sequence[(t * bits) + j] * parameters[ends + j];
                for (var layer = 0; layer < layers; layer++)
                {
                    var (last, cell) = ((2 * layer * bits) + j, (((2 * layer) + 1) * bits) + j);
                    var forget = Logistic(Weighed(layer, 0, j, signal));
                    var input = Logistic(Weighed(layer, 1, j, current[last]));
                    var output = Logistic(Weighed(layer, 2, j, signal));
                    var change = Math.Tanh(Weighed(layer, 3, j, current[last]));
                    current[cell] = (current[cell] * forget) + (input * change);
                    current[last] = signal = output * Math.Tanh(current[cell]);
                }

                prediction[j] = (signal * parameters[ends + bits + j]) + parameters[ends + (2 * bits) + j];
            }

            var normaliser = Math.Log(2 + prediction.Sum(Math.Exp));
            for (var j = 0; j < bits; j++)
            {
                total += sequence[((t + 1) * bits) + j] * (prediction[j] - normaliser);
            }
        }

        return -total / (steps * bits);

        double Weighed(int layer, int gate, int j, double x) =>
            (x * parameters[(8 * layer * bits) + (gate * bits) + j]) + parameters[(8 * layer * bits) + ((4 + gate) * bits) + j];
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
