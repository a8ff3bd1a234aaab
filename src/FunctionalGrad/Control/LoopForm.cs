using System.Numerics;

namespace FunctionalGrad;

/// <summary>How a loop is laid out: what its operands and the parameters of its body are.</summary>
/// <param name="Length">How many steps it takes, or may take at most.</param>
/// <param name="States">How many states there are.</param>
/// <param name="Sequences">How many sequences there are.</param>
/// <param name="IsReversed">Whether it goes from the last item to the first.</param>
/// <param name="IsCounted">Whether an operand before all others says how many steps to take.</param>
internal readonly record struct LoopForm(int Length, int States, int Sequences, bool IsReversed = false, bool IsCounted = false)
{
    /// <summary>The operand that goes to the first parameter.</summary>
    public int FirstOperand => IsCounted ? 1 : 0;

    /// <summary>Whether a parameter of the body is an item of a sequence.</summary>
    public bool IsItem(int parameter) => parameter >= States && parameter < States + Sequences;

    /// <summary>The shape of an item for each step.</summary>
    public Shape Stacked(Shape item) => item.Behind(Length);

    /// <summary>The number of steps that the operand asks for, which another loop has counted.</summary>
    public int Steps<T>(T count)
        where T : IBinaryFloatingPointIeee754<T> =>
        T.IsInteger(count) && T.Zero <= count && count <= T.CreateChecked(Length)
            ? int.CreateChecked(count)
            : throw new IndexOutsideException($"a loop of at most {Length} steps was asked for {count}; give a whole number from 0 to {Length}");
}
