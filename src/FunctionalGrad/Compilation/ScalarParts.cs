using System.Buffers;

namespace FunctionalGrad;

/// <summary>What the methods of one function share.</summary>
internal static class ScalarParts<T>
{
    public static T[] Rent(int count) => ArrayPool<T>.Shared.Rent(count);

    /// <summary>Runs the parts in order, until one says that it does not reach its arguments.</summary>
    public static bool Run(Func<T[], bool>[] parts, T[] memory)
    {
        foreach (var part in parts)
        {
            if (!part(memory))
            {
                return false;
            }
        }

        return true;
    }

    public static void Return(T[] memory) => ArrayPool<T>.Shared.Return(memory);
}
