using System.Collections.Immutable;
using System.Numerics;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// The logit of each possible next letter, the boundary included, after the given ones, of which the first is a boundary: its
/// probability is the softmax of the logits.
/// </summary>
internal delegate ImmutableArray<double> NextLetter(ImmutableArray<int> letters);

/// <summary>What one step of training left behind, or several that were made at one go.</summary>
/// <param name="State">Where training stands after them.</param>
/// <param name="Model">The model after them.</param>
/// <param name="Losses">For each of the steps, the mean of −ln p over the letters of a name, before the model learned from
/// it; of several names, the mean of these.</param>
internal sealed record Learned<T>(TrainingState<T> State, NextLetter Model, ImmutableArray<double> Losses)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The last of the steps, from 1.</summary>
    public int Step => State.Step;

    /// <summary>The loss of that step.</summary>
    public double Loss => Losses[^1];
}

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

    /// <summary>What is learned, in the order in which it is drawn.</summary>
    ImmutableArray<Variable> Parameters { get; }

    /// <summary>How many numbers it learns.</summary>
    int ParameterCount { get; }

    /// <summary>The temperature at which it makes up names, unless another is asked for.</summary>
    double Temperature { get; }

    /// <summary>How many letters the names that it makes up may have.</summary>
    int Longest { get; }

    /// <summary>Draws the parameters.</summary>
    /// <param name="generator">Where they are drawn from.</param>
    /// <returns>The parameters, and the generator after they were drawn.</returns>
    (Point<double> Point, MersenneTwister Next) Initial(MersenneTwister generator);
}

/// <summary>A stage that learns in a precision.</summary>
internal interface IStage<T> : IStage
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// What further steps leave behind, lazily and without end: one by one, or as many at one go as the lessons allow.
    /// </summary>
    /// <param name="lessons">What is learned from.</param>
    /// <param name="start">Where training goes on from.</param>
    IEnumerable<Learned<T>> Train(Lessons lessons, TrainingState<T> start);

    /// <summary>From parameters to the model that they make; called once for many parameters.</summary>
    Func<Point<T>, NextLetter> ToModel();
}

/// <summary>The stages, simplest first, all of them in double precision. A new one is a class of its own and a line here.</summary>
internal static class Stages
{
    public static ImmutableArray<IStage<double>> All { get; } =
    [
        new Counts(), new NetByHand(), new Net(), new OneHead(Sizes.OneHead), new FourHeads(Sizes.FourHeads), new Gpt(Sizes.FourHeads),
    ];

    /// <summary>The smallest one that is differentiated automatically: all of it can be read in a sitting.</summary>
    public static IStage<double> Default => All.OfType<Net>().Single();

    public static IStage<double> Named(string name) => All.Single(stage => stage.Name == name);
}
