using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>A user's elementwise primitive of any number of operands: entry by entry, outside the fused loops.</summary>
internal sealed class ManyOperands(
    string name, ImmutableArray<Domain> domains, Func<ImmutableArray<double>, double> value, Func<ImmutableArray<Expr>, Expr, int, Expr?> partial)
    : Primitive(name)
{
    private static readonly ImmutableArray<Shape> SampleShapes = [[], [3], [2, 1, 2], [0]];

    public override string Formula => $"{Name}({string.Join(", ", Enumerable.Range(0, domains.Length).Select(i => $"x{i}"))})";

    public override Rule Rule { get; } = new Rule.Elementwise((node, operand) => partial([.. node.Inputs], node, operand));

    public override ImmutableArray<Example> Examples =>
        [.. SampleShapes.Select(shape => new Example(this, [.. domains.Select(domain => new Operand(shape, domain))]))];

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, domains.Length);
        return operands[0];
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var result = new T[shape.Size];
        for (var i = 0; i < result.Length; i++)
        {
            var numbers = ImmutableArray.CreateBuilder<double>(operands.Length);
            foreach (var operand in operands)
            {
                numbers.Add(double.CreateTruncating(operand.Values[i]));
            }

            result[i] = T.CreateTruncating(value(numbers.MoveToImmutable()));
        }

        return Tensor<T>.Seal(shape, result);
    }

    public override bool Equals(Primitive? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    // What all examples share is broadcast like any other operand of fewer axes.
    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Apply(operands);

    private protected override Expr[] Prepare(ReadOnlySpan<Expr> operands) => ElementwisePrimitive.Broadcast(operands, Name);
}
