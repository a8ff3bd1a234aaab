using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FunctionalGrad.Samples.Micrograd;

namespace FunctionalGrad.Samples.Guide;

/// <summary>
/// Page 7: micrograd's moons, all states of the training from the first draw to the last step. The weights are written in
/// single precision, which is more than a picture shows; losses and accuracies are the run's own numbers.
/// </summary>
internal static class MoonsStory
{
    public static JsonObject Data(CancellationToken cancellation)
    {
        var data = MoonsData.Generate();
        var model = new MoonsModel(data);
        List<Point<double>> states = [model.Start];
        List<double> losses = [];
        List<double> accuracies = [];
        foreach (var step in model.Training())
        {
            cancellation.ThrowIfCancellationRequested();
            losses.Add(step.Loss);
            accuracies.Add(step.Accuracy);
            states.Add(step.After);
        }

        losses.Add(model.Loss.Evaluate(states[^1]).ToScalar());
        accuracies.Add(Accuracy(model, data, states[^1]));
        return new()
        {
            ["net"] = model.Net.ToString(),
            ["points"] = Numbers.Array(data.Points),
            ["labels"] = Numbers.Array(data.Labels),
            ["losses"] = Numbers.Array(losses),
            ["accuracies"] = Numbers.Array(accuracies),
            ["parameters"] = new JsonArray([.. model.Net.Parameters.Select(parameter =>
                new JsonObject { ["name"] = parameter.Name, ["shape"] = Numbers.Array(parameter.Shape) })]),
            ["weights"] = Packed(states, model),
        };
    }

    private static double Accuracy(MoonsModel model, MoonsData data, Point<double> at)
    {
        var scores = model.ScoresAt(data.Points, at);
        return Enumerable.Range(0, data.Count).Count(i => scores[i] > 0 == data.Labels[i] > 0) * 100.0 / data.Count;
    }

    private static string Packed(List<Point<double>> states, MoonsModel model)
    {
        float[] numbers = [.. states.SelectMany(state => model.Net.Parameters.SelectMany(parameter => state[parameter].To<float>().ToArray()))];
        return Convert.ToBase64String(MemoryMarshal.AsBytes(numbers.AsSpan()));
    }
}
