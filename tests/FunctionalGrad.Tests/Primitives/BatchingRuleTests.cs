using FunctionalGrad.Tests.Compilation;
using Xunit;

namespace FunctionalGrad.Tests.Primitives;

/// <summary>Every primitive makes of a batch what it makes of its examples, whichever operands are batched.</summary>
public sealed class BatchingRuleTests
{
    // Those of loops are done one example after the other.
    private static readonly HashSet<string> OneByOne = ["fold", "scan", "while", "checkpoint", "fixed point", "part"];

    public static TheoryData<int, string> All => CompletenessTests.All;

    public static TheoryData<int, string> AtOnce =>
        [.. All.Where(row => !OneByOne.Contains(Primitive.All[row.Data.Item1].Name))];

    [Theory]
    [MemberData(nameof(All))]
    public void A_batch_is_the_stack_of_its_examples(int index, string name)
    {
        foreach (var example in Primitive.All[index].Examples)
        {
            foreach (var batched in Subsets(example.Operands.Length))
            {
                foreach (var size in (int[])[0, 1, 3])
                {
                    var (batch, at, singles) = Case(example, batched, size);
                    var value = batch.Evaluate(at);
                    Assert.Equal(size, value.Shape[0]);
                    Assert.Equal(size * singles.First().Size, value.Size);
                    for (var i = 0; i < size; i++)
                    {
                        AssertSame(singles[i], value.Slice(i..(i + 1)).Reshape(singles[i].Shape), name);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AtOnce))]
    public void A_compiled_batch_agrees_with_the_interpreted_one(int index, string name)
    {
        foreach (var example in Primitive.All[index].Examples)
        {
            foreach (var batched in Subsets(example.Operands.Length))
            {
                var (batch, at, _) = Case(example, batched, 3);
                Assert.True(Agreement.Differences([batch], at, 1e-13) is [], $"{name}: {string.Join("\n", Agreement.Differences([batch], at, 1e-13))}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(AtOnce))]
    public void The_graph_does_not_grow_with_the_batch(int index, string name)
    {
        foreach (var example in Primitive.All[index].Examples)
        {
            foreach (var batched in Subsets(example.Operands.Length))
            {
                var small = TopologicalOrder.Of(Case(example, batched, 2).Batch).Count;
                var large = TopologicalOrder.Of(Case(example, batched, 7).Batch).Count;
                Assert.True(small == large, $"{name}: {small} nodes for 2 examples and {large} for 7; declare a batching rule");
            }
        }
    }

    private static (Expr Batch, Point<double> At, Tensor<double>[] Singles) Case(Example example, bool[] batched, int size)
    {
        var held = Samples.Operands(example, seed: 50);
        Tensor<double>[][] drawn = [.. Enumerable.Range(0, Math.Max(size, 1)).Select(seed => Samples.Operands(example, seed))];
        var variables = example.Operands.Select((operand, k) => Expr.Variable($"x{k}", operand.Shape)).ToArray();
        var batches = new Dictionary<Variable, Expr>();
        var at = new List<(Variable, Tensor<double>)>();
        for (var k = 0; k < variables.Length; k++)
        {
            if (batched[k])
            {
                var shape = Shape.Of([size, .. variables[k].Shape.Extents]);
                var batch = Expr.Variable($"b{k}", shape);
                batches[variables[k]] = batch;
                at.Add((batch, Tensor.Of(shape, [.. drawn.Take(size).SelectMany(operands => operands[k].ToArray())])));
            }
            else
            {
                at.Add((variables[k], held[k]));
            }
        }

        var node = example.Primitive.Apply([.. variables]);
        var singles = drawn.Select(operands => node.Evaluate(Point.Of(
            [.. variables.Select((variable, k) => (variable, batched[k] ? operands[k] : held[k]))])));
        return (node.Batch(batches), Point.Of([.. at]), [.. singles]);
    }

    private static IEnumerable<bool[]> Subsets(int count) =>
        from bits in Enumerable.Range(1, (1 << count) - 1)
        select Enumerable.Range(0, count).Select(k => (bits >> k & 1) == 1).ToArray();

    private static void AssertSame(Tensor<double> single, Tensor<double> row, string name)
    {
        // A contraction may be taken in another order when an axis leads; and a fixed point goes on until all examples have
        // reached theirs, which moves those that had by a rounding.
        if (!name.StartsWith("contract", StringComparison.Ordinal) && !name.StartsWith("fixed point", StringComparison.Ordinal))
        {
            Assert.True(single.BitEquals(row), $"{name}: {row} in the batch and {single} alone");
            return;
        }

        for (var k = 0; k < single.Size; k++)
        {
            Assert.Equal(single.Values[k], row.Values[k], 1e-13 * Math.Max(1, Math.Abs(single.Values[k])));
        }
    }
}
