using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A function of one number, written once by generic math and computed in the precision asked for: the kernel of a user's own
/// elementwise primitive. Implemented by a struct, so that the calls to it are inlined.
/// </summary>
/// <example><code>
/// // internal readonly struct Softsign : IUnaryFunction { public T Apply&lt;T>(T x) … => x / (T.One + T.Abs(x)); }
/// // Primitive.Elementwise("softsign", default(Softsign), (x, y) => (1 - Expr.Abs(y)).Square());
/// typeof(IUnaryFunction).IsInterface;      // True
/// </code></example>
public interface IUnaryFunction
{
    /// <summary>The value at a number.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="x">The number.</param>
    T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>;
}

/// <summary>A function of two numbers, written once by generic math. See <see cref="IUnaryFunction"/>.</summary>
public interface IBinaryFunction
{
    /// <summary>The value at two numbers.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="x">The first number.</param>
    /// <param name="y">The second number.</param>
    T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T>;
}

/// <summary>
/// The kernel of a user's own primitive over whole tensors, in the precision asked for. It reads its operands where they lie
/// and writes the value where it is wanted, in compiled programs too: nothing is copied.
/// </summary>
public interface ITensorFunction
{
    /// <summary>Writes the value.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="operands">The operands, of shapes that fit.</param>
    /// <param name="value">Room for the value in row-major order; all of it is to be written, and whatever it holds may be
    /// anything before.</param>
    void Evaluate<T>(Operands<T> operands, Span<T> value)
        where T : struct, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The operands of a kernel: numbers in row-major order, which stay where they are.</summary>
/// <typeparam name="T">The precision.</typeparam>
public readonly ref struct Operands<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<Dense<T>> _entries;

    internal Operands(ReadOnlySpan<Dense<T>> entries) => _entries = entries;

    /// <summary>How many there are.</summary>
    public int Count => _entries.Length;

    /// <summary>The numbers of one operand.</summary>
    /// <param name="operand">Its place, from 0.</param>
    public ReadOnlySpan<T> this[int operand] => _entries[operand].Values;

    /// <summary>The shape of one operand.</summary>
    /// <param name="operand">Its place, from 0.</param>
    public Shape ShapeOf(int operand) => _entries[operand].Shape;
}
