using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// The logit of each possible next letter, the boundary included, after the given ones, of which the first is a boundary: its
/// probability is the softmax of the logits.
/// </summary>
internal delegate ImmutableArray<double> NextLetter(ImmutableArray<int> letters);

/// <summary>What one step of training left behind.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Loss">The mean of −ln p over the letters of this step's name, before the model learned from it.</param>
/// <param name="Model">The model after the step.</param>
internal sealed record Learned(int Step, double Loss, NextLetter Model);

/// <summary>
/// One stage on the way from counting letters to a small GPT: a model of the next letter, and how it learns.
/// </summary>
internal interface IStage
{
    /// <summary>How many letters a name may have where a stage has no reason for another bound.</summary>
    const int LongestUnlessSaid = 16;

    /// <summary>What <c>--stage</c> calls it.</summary>
    string Name { get; }

    /// <summary>What it is, in a line.</summary>
    string Summary { get; }

    /// <summary>How it learns, in a few words.</summary>
    string Method { get; }

    /// <summary>How many numbers it learns.</summary>
    int ParameterCount { get; }

    /// <summary>The temperature at which it makes up names, unless another is asked for.</summary>
    double Temperature { get; }

    /// <summary>How many letters the names that it makes up may have.</summary>
    int Longest { get; }

    /// <summary>Draws a model and trains it.</summary>
    /// <param name="documents">The names; step s learns from the one at s modulo their number.</param>
    /// <param name="steps">How many steps the learning rate is planned for.</param>
    /// <param name="generator">Where the model is drawn from.</param>
    /// <returns>What each step leaves behind, lazily, and the generator after the model was drawn.</returns>
    (IEnumerable<Learned> Training, MersenneTwister Next) Begin(
        ImmutableArray<ImmutableArray<int>> documents, int steps, MersenneTwister generator);
}

/// <summary>The stages, simplest first. A new one is a class of its own and a line here.</summary>
internal static class Stages
{
    public static ImmutableArray<IStage> All { get; } = 
    [
        new Counts(), new NetByHand(), new Net(), new OneHead(Sizes.OneHead), new FourHeads(Sizes.FourHeads), new Gpt(Sizes.FourHeads),
    ];

    public static IStage Default => All[^1];

    public static IStage Named(string name) => All.Single(stage => stage.Name == name);
}
