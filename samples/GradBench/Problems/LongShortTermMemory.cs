using System.Collections.Immutable;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// Layers of long short-term memory cells that read characters bit by bit, and how badly they predict the next one. Every
/// gate weighs each bit by itself. By the parameters of the layers and of the input and the output.
/// </summary>
internal static class LongShortTermMemory
{
    public static Problem Problem { get; } = new("lstm", ("objective", Objective), ("jacobian", Jacobian));

    private static Evaluation Objective(Argument input)
    {
        var model = new Model(input);
        return Evaluation.Of(model.Loss(), model.At);
    }

    private static Evaluation Jacobian(Argument input)
    {
        var model = new Model(input);
        var gradient = model.Loss().Gradient(model.Layers, model.Ends);
        var flat = gradient.Values.ToArray().Select(part => part.Reshape([part.Shape.Size]));
        return Evaluation.Of(Expr.Concatenate(flat), model.At);
    }

    private sealed class Model
    {
        private readonly int _layers;
        private readonly int _bits;
        private readonly Variable _state;
        private readonly Variable _sequence;

        public Model(Argument input)
        {
            var sequence = input["sequence"].Tensor(-1, -1);
            var layers = input["main_params"].Tensor(-1, 4 * sequence.Shape[1]);
            (_layers, _bits) = (layers.Shape[0] / 2, sequence.Shape[1]);
            (Layers, Ends) = (Expr.Variable("layers", layers.Shape), Expr.Variable("ends", [3, _bits]));
            (_state, _sequence) = (Expr.Variable("state", [2 * _layers, _bits]), Expr.Variable("sequence", sequence.Shape));
            At = Point.Of(
                (Layers, layers), (Ends, input["extra_params"].Tensor(3, _bits)),
                (_state, input["state"].Tensor(2 * _layers, _bits)), (_sequence, sequence));
        }

        public Variable Layers { get; }

        public Variable Ends { get; }

        public Point<double> At { get; }

        public Expr Loss()
        {
            var steps = _sequence.Shape[0] - 1;
            var layers = Enumerable.Range(0, 2 * _layers).Select(row => _state.At(row));
            var final = Expr.Fold([0, .. layers], [_sequence.Slice(..^1), _sequence.Slice(1..)], (states, characters) =>
            {
                var (state, prediction) = Predict(states[1..], characters[0]);
                return [states[0] + (characters[1] * LogNormalised(prediction)).Sum(), .. state];
            });
            return -final[0] / (steps * _bits);
        }

        // State 2i is what layer i gave last, state 2i + 1 its cell.
        private (Expr[] State, Expr Prediction) Predict(ImmutableArray<Expr> state, Expr character)
        {
            var next = new Expr[2 * _layers];
            var signal = character * Ends.At(0);
            for (var layer = 0; layer < _layers; layer++)
            {
                var (last, cell) = (state[2 * layer], state[(2 * layer) + 1]);
                var forget = Expr.Logistic(Weighed(layer, 0, signal));
                var input = Expr.Logistic(Weighed(layer, 1, last));
                var output = Expr.Logistic(Weighed(layer, 2, signal));
                var change = Expr.Tanh(Weighed(layer, 3, last));
                cell = (cell * forget) + (input * change);
                signal = output * Expr.Tanh(cell);
                (next[2 * layer], next[(2 * layer) + 1]) = (signal, cell);
            }

            return (next, (signal * Ends.At(1)) + Ends.At(2));
        }

        // The weights of a layer stand in one row, the biases in the next; in each those of the four gates.
        private Expr Weighed(int layer, int gate, Expr x)
        {
            var place = (gate * _bits)..((gate + 1) * _bits);
            return (x * Layers.At(2 * layer).Slice(place)) + Layers.At((2 * layer) + 1).Slice(place);
        }

        private static Expr LogNormalised(Expr prediction) => prediction - Expr.Log(2 + Expr.Exp(prediction).Sum());
    }
}
