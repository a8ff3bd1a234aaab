using System.Globalization;
using System.Text.Json.Nodes;
using FunctionalGrad.Learning;
using FunctionalGrad.Samples.MicroGpt;

namespace FunctionalGrad.Samples.Guide;

/// <summary>
/// Page 8: microgpt's training run, with losses and names made up on the way; and one of its steps, the whole loss of one name
/// as a graph of tensors, traced backwards.
/// </summary>
internal static class GptStory
{
    private const int Steps = 1000;
    private const int Every = 25;
    private const int TracedStep = 200;
    private const int NamesShown = 8;
    private const ulong Seed = 42;

    public static JsonObject Data(CancellationToken cancellation)
    {
        var stage = (Gpt)Stages.Named("microgpt");
        var names = NameList.Embedded();
        var experiment = Experiment.Begin<double>(stage, names, Steps, Seed, pause: step => step % Every == 0);
        List<double> losses = [];
        JsonArray states = [State(0, ((IStage<double>)stage).ToModel()(experiment.Start.Point))];
        var traced = experiment.Start.Point;
        foreach (var learned in experiment.Training)
        {
            cancellation.ThrowIfCancellationRequested();
            losses.AddRange(learned.Losses);
            states.Add(State(learned.Step, learned.Model));
            traced = learned.Step == TracedStep ? learned.State.Point : traced;
        }

        var name = MersenneTwister.FromSeed(Seed).Shuffle(names.AsSpan()).Item1[TracedStep];
        return new()
        {
            ["losses"] = Numbers.Array(losses.Select(loss => Math.Round(loss, 4))),
            ["states"] = states,
            ["name"] = name,
            ["step"] = TracedStep,
            ["graph"] = Graph(TraceOf(stage, name, names.Max(other => other.Length) + 1, traced)),
        };

        JsonObject State(int step, NextLetter model) => new()
        {
            ["step"] = step,
            ["names"] = new JsonArray([.. experiment.Names(model, new(stage.Temperature, stage.Longest)).Take(NamesShown).Select(made => (JsonNode)made)]),
        };
    }

    /// <summary>The trace of the loss of one name, padded as the training pads it.</summary>
    internal static GradientTrace<double> TraceOf(Gpt stage, string name, int longest, Point<double> parameters)
    {
        var letters = Alphabet.Encode(name);
        var context = Math.Min(longest, stage.Sizes.Context);
        var batch = TextBatch.Variables(1, TextBatch.PaddedPositions(Math.Min(letters.Length - 1, context), context));
        return stage.LossOf(batch).TraceGradient(parameters.With(batch.PointOf<double>(letters)), stage.Parameters.AsSpan());
    }

    // Nodes that are fixed numbers stand in the rules of their users.
    private static JsonArray Graph(GradientTrace<double> trace)
    {
        var steps = trace.Select((step, i) => (step, i)).ToDictionary(each => each.step.Node, each => each.i);
        var used = Enumerable.Range(0, trace.Order.Count).Where(i => steps.ContainsKey(trace.Order.Nodes[i])).SelectMany(i => trace.Order.InputsOf(i).ToArray()).ToHashSet();
        var shown = Enumerable.Range(0, trace.Order.Count)
            .Where(i => steps.ContainsKey(trace.Order.Nodes[i]) || (trace.Order.Nodes[i] is Variable && used.Contains(i))).ToArray();
        var index = shown.Select((position, i) => (position, i)).ToDictionary(each => each.position, each => each.i);
        JsonArray nodes = [];
        foreach (var position in shown)
        {
            var node = trace.Order.Nodes[position];
            var step = steps.TryGetValue(node, out var at) ? trace[at] : null;
            nodes.Add(new JsonObject
            {
                ["label"] = Label(node),
                ["detail"] = node is Application { Primitive: var primitive } ? primitive.Parameters : "",
                ["variable"] = node is Variable,
                ["shape"] = node.Shape.ToString(),
                ["inputs"] = new JsonArray([.. trace.Order.InputsOf(position).ToArray().Where(index.ContainsKey).Select(input => (JsonNode)index[input])]),
                ["step"] = step is null ? null : at,
                ["value"] = Numbers.Heat(trace.Values[position]),
                ["adjoint"] = step is null ? null : Numbers.Heat(step.AdjointValue),
                ["uses"] = step is null ? [] : new JsonArray([.. step.Uses.Select(use => new JsonObject
                {
                    ["user"] = index[trace.Order.PositionOf(use.User)],
                    ["rule"] = RuleText(use, trace, index),
                    ["norm"] = Numbers.Short(TensorSummary.Of(use.Value).Norm),
                })]),
            });
        }

        return nodes;
    }

    private static string Label(Expr node) => node switch
    {
        Variable variable => variable.Name.Trim(),
        Application { Primitive: { Name: "integer power" } power } => $"power {power.Parameters["n: ".Length..]}",
        Application application => application.Primitive.Name,
        _ => throw new InvalidOperationException($"{node.GetType()} has no adjoint"),
    };

    // The rule of one use, in terms of its neighbours: the operation applied to fresh variables, and pulled back.
    private static string RuleText(TracedUse<double> use, GradientTrace<double> trace, Dictionary<int, int> index)
    {
        var operands = use.User.Inputs.ToArray().Select(input => input is Constant || !index.TryGetValue(trace.Order.PositionOf(input), out var i)
            ? input
            : Expr.Variable(string.Create(CultureInfo.InvariantCulture, $"v{i}"), input.Shape)).ToArray();
        if (operands[use.Operand] is not Variable variable)
        {
            return "";
        }

        var cotangent = Expr.Variable(string.Create(CultureInfo.InvariantCulture, $"adjoint({index[trace.Order.PositionOf(use.User)]})"), use.User.Shape);
        return use.User.Primitive.Apply(operands).Pullback(cotangent, variable)[variable].ToString();
    }
}
