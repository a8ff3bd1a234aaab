using System.Numerics;

namespace FunctionalGrad.Learning;

/// <summary>The types of numbers that are read and written, by the names that the format gives them.</summary>
internal sealed record ElementType(string Name, int Width, string Precision)
{
    public static ElementType F64 { get; } = new("F64", sizeof(double), "double");

    public static ElementType F32 { get; } = new("F32", sizeof(float), "float");

    public static ElementType? Named(string name) => name switch
    {
        "F64" => F64,
        "F32" => F32,
        _ => null,
    };

    /// <summary>The element type of a precision.</summary>
    /// <exception cref="NotSupportedException">The precision is neither double nor float.</exception>
    public static ElementType Of<T>()
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double) ? F64
        : typeof(T) == typeof(float) ? F32
        : throw new NotSupportedException($"tensors of {typeof(T).Name} are not written; convert them with To<double>() or To<float>()");
}
