using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// Entries side by side in row-major order in a part of an array that others may hold too: what a tensor is before it is
/// sealed.
/// </summary>
/// <param name="array">The array.</param>
/// <param name="offset">Where in it the first entry stands.</param>
/// <param name="shape">The extents along each axis.</param>
internal readonly struct Dense<T>(T[] array, int offset, Shape shape)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public Shape Shape => shape;

    public ReadOnlySpan<T> Values => new(array, offset, shape.Size);

    public static implicit operator Dense<T>(Tensor<T> tensor) => new(tensor.Array, 0, tensor.Shape);
}
