using System.Collections.Immutable;
using System.Diagnostics;

namespace FunctionalGrad;

/// <summary>
/// Where a NaN or an infinity came from: the first node, in topological order, that became one although all of its inputs
/// were finite, or the variable or constant that was one from the start. Immutable. Its text is meant to be read.
/// </summary>
/// <seealso cref="Diagnosing"/>
[DebuggerDisplay("{Summary,nq}")]
public sealed class NonFiniteExplanation
{
    internal NonFiniteExplanation(
        Expr node, ImmutableArray<int> entry, double value, ImmutableArray<Tensor<double>> inputValues, ImmutableArray<Expr> path)
    {
        Node = node;
        Entry = entry;
        Value = value;
        InputValues = inputValues;
        Path = path;
    }

    /// <summary>
    /// The node that first became NaN or infinite: an application, or a variable or constant that was so from the start. In a
    /// gradient it may be part of a derivative's formula.
    /// </summary>
    public Expr Node { get; }

    /// <summary>The entry of the node's value, one index for each axis; empty for a scalar.</summary>
    public ImmutableArray<int> Entry { get; }

    /// <summary>What that entry became: NaN, ∞ or −∞.</summary>
    public double Value { get; }

    /// <summary>
    /// What the node's inputs were: for an elementwise operation numbers, each the entry of an input; for others whole
    /// tensors.
    /// </summary>
    public ImmutableArray<Tensor<double>> InputValues { get; }

    /// <summary>
    /// The expressions from the result down to the node; in a gradient from the expression that was differentiated down to
    /// the application whose derivative it is.
    /// </summary>
    public ImmutableArray<Expr> Path { get; }

    /// <summary>In a gradient, the contribution that became NaN or infinite; null where the value itself did.</summary>
    public NonFiniteContribution? Contribution { get; internal init; }

    /// <summary>Whether a compiled function was run again by the interpreter to find this out.</summary>
    public bool IsFromInterpreter { get; private init; }

    /// <summary>The first line of the text: what became what, where, from what.</summary>
    public string Summary => NonFiniteText.Summary(this);

    /// <summary>The same explanation, of what a compiled function gave.</summary>
    internal NonFiniteExplanation FromInterpreter() =>
        new(Node, Entry, Value, InputValues, Path) { Contribution = Contribution, IsFromInterpreter = true };

    /// <summary>The explanation in sentences; long paths are abridged in the middle.</summary>
    public override string ToString() => NonFiniteText.Of(this);
}

/// <summary>
/// One term of an adjoint, adjoint(v) = Σ contribution(u → v): what the adjoint of a user contributes to that of one of its
/// operands.
/// </summary>
public sealed class NonFiniteContribution
{
    internal NonFiniteContribution(Variable by, Expr of, Application? user, int operand, Tensor<double> adjoint, Tensor<double> value)
    {
        By = by;
        Of = of;
        User = user;
        Operand = operand;
        Adjoint = adjoint;
        Value = value;
    }

    /// <summary>The variable whose derivative the contribution reached.</summary>
    public Variable By { get; }

    /// <summary>The node v whose adjoint the contribution belongs to.</summary>
    public Expr Of { get; }

    /// <summary>The user u that contributes; null where every contribution was finite and only their sum was not.</summary>
    public Application? User { get; }

    /// <summary>As which operand of the user the node is used, from 0.</summary>
    public int Operand { get; }

    /// <summary>The adjoint of the user, which was still finite; where there is no user, the sum.</summary>
    public Tensor<double> Adjoint { get; }

    /// <summary>The contribution.</summary>
    public Tensor<double> Value { get; }
}
