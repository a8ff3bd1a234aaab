namespace FunctionalGrad.Tests.Primitives;

/// <summary>Operands for an example of a primitive, drawn from the domains that it declares; the same in every run.</summary>
internal static class Samples
{
    /// <summary>Tensors for the operands of an example.</summary>
    public static Tensor<double>[] Operands(Example example, int seed)
    {
        var random = new Random(seed);
        return [.. example.Operands.Select(operand => Tensor.Generate(operand.Shape, _ => Draw(operand.Domain, random)))];
    }

    /// <summary>A direction in which to move an operand; indices and conditions cannot move.</summary>
    public static Tensor<double> Direction(Operand operand, Random random) =>
        operand.Domain.WholeNumbers
            ? Tensor<double>.Zeros(operand.Shape)
            : Tensor.Generate(operand.Shape, _ => (2 * random.NextDouble()) - 1);

    private static double Draw(Domain domain, Random random)
    {
        var interval = domain.Intervals[random.Next(domain.Intervals.Length)];
        return domain.WholeNumbers
            ? random.Next((int)interval.Low, (int)interval.High + 1)
            : interval.Low + ((interval.High - interval.Low) * random.NextDouble());
    }
}
