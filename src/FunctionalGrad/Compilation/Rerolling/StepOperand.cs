namespace FunctionalGrad;

/// <summary>Where an operand of a step comes from, said so that it is true of every step.</summary>
internal abstract record StepOperand
{
    /// <summary>The same expression at every step.</summary>
    /// <param name="Position">Where it stands in the order.</param>
    public sealed record Fixed(int Position) : StepOperand;

    /// <summary>What a node of this step or of a former one gave.</summary>
    /// <param name="Node">Which node of a step.</param>
    /// <param name="Lag">How many steps before.</param>
    public sealed record OfStep(int Node, int Lag) : StepOperand;

    /// <summary>A constant that may be another at every step.</summary>
    public sealed record Number : StepOperand;

    /// <summary>What a node of other steps gave at one of them after the other.</summary>
    /// <param name="Steps">The other steps.</param>
    /// <param name="Node">Which node of a step.</param>
    /// <param name="First">The row that the first step reads.</param>
    /// <param name="Direction">How many rows further every next step reads: 1 or −1.</param>
    public sealed record RowOf(RolledSteps Steps, int Node, int First, int Direction) : StepOperand;

    /// <summary>One row after the other of a tensor: this takes the place of a whole node, a slice.</summary>
    /// <param name="Source">Where the tensor stands in the order.</param>
    /// <param name="First">The row that the first step reads.</param>
    /// <param name="Direction">How many rows further every next step reads: 1 or −1.</param>
    public sealed record SlicedRow(int Source, int First, int Direction) : StepOperand;
}
