using System.Collections.Immutable;
using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

/// <summary>What CPython 3.11 and NumPy print for the same seeds.</summary>
public sealed class MersenneTwisterTests
{
    private static readonly MersenneTwister Seeded = MersenneTwister.FromSeed(42);

    [Fact]
    public void Words_are_those_of_CPython_within_a_block_and_beyond_it()
    {
        var words = Seeded.Repeat(2000, generator => generator.NextUInt32()).Values;
        Assert.Equal([2746317213u, 2929454134u, 1071722055u, 1557724698u], [words[0], words[623], words[624], words[1999]]);
    }

    [Fact]
    public void Doubles_are_those_of_CPython()
    {
        var doubles = Seeded.Repeat(1_000_000, generator => generator.NextDouble()).Values;
        Assert.Equal([0.6394267984578837, 0.025010755222666936, 0.27502931836911926], doubles.Take(3));
        Assert.Equal(0.6220871203315957, doubles[^1]);
    }

    [Theory]
    [InlineData(0, 0.8444218515250481)]
    [InlineData((1ul << 40) + 5, 0.5043802970418443)]
    public void Seeds_of_any_size_are_those_of_CPython(ulong seed, double first) =>
        Assert.Equal(first, MersenneTwister.FromSeed(seed).NextDouble().Value);

    [Fact]
    public void Normal_deviates_come_in_pairs_as_in_CPython() =>
        Close(
            [-0.011527226366234268, -0.013832288026521545, -0.008905268925412997],
            Seeded.Repeat(3, generator => generator.Gauss(0, 0.08)).Values);

    [Fact]
    public void Uniform_numbers_are_those_of_CPython() =>
        Assert.Equal(
            [0.23550571390294128, 0.06653114721000164],
            MersenneTwister.FromSeed(1337).Repeat(2, generator => generator.Uniform(-1, 1)).Values);

    [Fact]
    public void Whole_numbers_are_those_of_CPython() =>
        Assert.Equal([5, 0, 0, 5, 2, 1, 1, 1, 5, 0], Seeded.Repeat(10, generator => generator.Below(6)).Values);

    [Fact]
    public void A_shuffle_is_that_of_CPython_and_leaves_its_list_as_it_was()
    {
        ImmutableArray<int> list = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        var (shuffled, next) = Seeded.Shuffle(list.AsSpan());
        Assert.Equal([7, 3, 2, 8, 5, 6, 9, 4, 0, 1], shuffled);
        Assert.Equal(0.5904925124490397, next.NextDouble().Value);
        Assert.Equal(Enumerable.Range(0, 10), list);
    }

    [Fact]
    public void Weighted_choices_are_those_of_CPython() =>
        Assert.Equal(
            [3, 0, 1, 1, 3, 3, 3, 0, 1, 0, 1, 3], Seeded.Repeat(12, generator => generator.Choice(1, 2, 0, 3.5)).Values);

    [Fact]
    public void A_single_word_seeds_as_in_NumPy() =>
        Assert.Equal(0.2620246750155817, MersenneTwister.FromWord(1337).NextDouble().Value, 1e-16);

    [Fact]
    public void A_generator_draws_the_same_twice_and_on_many_threads()
    {
        var expected = Seeded.Repeat(1500, generator => generator.NextDouble()).Values;
        var all = new ImmutableArray<double>[8];
        Parallel.For(0, all.Length, i => all[i] = Seeded.Repeat(1500, generator => generator.NextDouble()).Values);
        Assert.All(all, values => Assert.Equal(expected, values));
    }

    [Fact]
    public void Drawing_leaves_a_generator_equal_to_what_it_was()
    {
        var generator = Seeded.Gauss().Next;
        var before = generator.State;
        generator.Gauss();
        generator.Repeat(1000, g => g.NextUInt32());
        Assert.Equal(before, generator.State);
        Assert.Equal(MersenneTwister.Restore(before), generator);
        Assert.NotEqual(generator, generator.Gauss().Next);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(156)]
    [InlineData(157)]
    public void A_restored_generator_goes_on_as_if_it_had_never_stopped(int deviates)
    {
        var generator = Seeded.Repeat(deviates, g => g.Gauss()).Next;
        var restored = MersenneTwister.Restore(generator.State);
        Assert.Equal(generator.Repeat(2000, g => g.Gauss()).Values, restored.Repeat(2000, g => g.Gauss()).Values);
    }

    [Fact]
    public void The_state_is_that_of_CPython()
    {
        var state = Seeded.Repeat(3, generator => generator.Gauss()).Next.State;
        Assert.Equal((8, 2468570525u, 1079217633u), (state.Position, state.Words[0], state.Words[623]));
        Close([0.7019837250988631], [state.Kept!.Value]);
    }

    [Fact]
    public void What_cannot_be_restored_or_drawn_is_said()
    {
        var state = Seeded.State;
        Errors.Say<ArgumentException>(() => MersenneTwister.Restore(state with { Words = [1, 2] }), "624 words", "not 2");
        Errors.Say<ArgumentException>(() => MersenneTwister.Restore(state with { Words = default }), "624 words", "not 0");
        Errors.Say<ArgumentException>(() => MersenneTwister.Restore(state with { Position = 625 }), "625", "0 to 624");
        Errors.Say<ArgumentException>(() => MersenneTwister.Restore(state with { Words = [.. new uint[624]] }), "zeros for ever");
        Errors.Say<ArgumentException>(() => MersenneTwister.FromKey(), "empty");
        Errors.Say<ArgumentException>(() => Seeded.Choice(1, -2), "weight 1 is -2");
        Errors.Say<ArgumentException>(() => Seeded.Choice(1, double.NaN), "weight 1 is NaN");
        Errors.Say<ArgumentException>(() => Seeded.Choice(0, 0), "sum to 0");
        Errors.Say<ArgumentException>(() => Seeded.Choice(), "0 weights");
        Assert.Throws<ArgumentOutOfRangeException>(() => Seeded.Below(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Seeded.BelowMasked(0));
    }

    // The logarithm, sine and cosine of another platform may round the last digit otherwise.
    private static void Close(ReadOnlySpan<double> expected, ImmutableArray<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-14 * Math.Abs(expected[i]));
        }
    }
}
