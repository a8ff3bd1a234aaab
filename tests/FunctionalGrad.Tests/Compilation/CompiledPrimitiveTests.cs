using System.Numerics;
using Xunit;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Every primitive and its gradient run compiled as they run interpreted, in both precisions.</summary>
public sealed class CompiledPrimitiveTests
{
    public static TheoryData<int, string> Primitives
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < Primitive.All.Length; i++)
            {
                data.Add(i, Primitive.All[i].ToString());
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Primitives))]
    public void A_primitive_and_its_gradient_agree_with_the_interpreter(int index, string name)
    {
        foreach (var example in Primitive.All[index].Examples)
        {
            Assert.Empty(Differences<double>(example, 1e-13).Select(difference => $"{name}: {difference}"));
            Assert.Empty(Differences<float>(example, 2e-5).Select(difference => $"{name} in single precision: {difference}"));
        }
    }

    private static IReadOnlyList<string> Differences<T>(Example example, double tolerance)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(7);
        var variables = example.Operands.Select((operand, i) => Expr.Variable($"x{i}", operand.Shape)).ToArray();
        var at = Point<T>.Of([.. example.Operands.Select((operand, i) =>
            (variables[i], Tensor.Generate(operand.Shape, _ => Sample<T>(operand.Domain, random))))]);
        var value = example.Primitive.Apply(variables);
        var weights = Tensor.Generate(value.Shape, i => Math.Sin(i + 1.0));
        var gradient = (value * weights).Sum().Gradient();
        return Agreement.Differences([value, .. gradient.Values], at, tolerance);
    }

    private static T Sample<T>(Domain domain, Random random)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var interval = domain.Intervals[random.Next(domain.Intervals.Length)];
        var number = interval.Low + (random.NextDouble() * (interval.High - interval.Low));
        return T.CreateTruncating(domain.WholeNumbers ? Math.Round(number) : number);
    }
}
