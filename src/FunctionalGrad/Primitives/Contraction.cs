using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// A sum of products over named axes: every axis of two operands has a label, a label that both have runs along both at
/// once, and labels that the value does not have are summed over. Matrix products, inner and outer products are all this.
/// </summary>
/// <remarks>
/// In canonical form, which <see cref="Of"/> establishes, no label stands twice in one operand and every label stands in
/// at least two of left, right and result. That form is symmetric in the three, so both pullbacks are contractions again.
/// </remarks>
internal sealed partial class Contraction : Primitive, IDeclaration
{
    private readonly string _left;
    private readonly string _right;
    private readonly string _result;

    /// <summary>The labels of the left operand, the right one and the value.</summary>
    public (string Left, string Right, string Result) Labels => (_left, _right, _result);

    private Contraction(string left, string right, string result)
        : base("contract", $"{left},{right}->{result}")
    {
        (_left, _right, _result) = (left, right, result);
        _order = LoopOrder.Of(left, right, result);
    }

    public static ImmutableArray<Primitive> Declared =>
    [
        new Contraction("ab", "bc", "ac"), new Contraction("ab", "cb", "ac"), new Contraction("ab", "ac", "bc"),
        new Contraction("ab", "b", "a"), new Contraction("a", "ab", "b"), new Contraction("a", "a", ""),
        new Contraction("a", "b", "ab"), new Contraction("ab", "bc", "ca"), new Contraction("abc", "acd", "abd"),
        new Contraction("abc", "bdc", "dab"), new Contraction("abc", "cba", ""), new Contraction("ab", "ab", "a"),
        new Contraction("ab", "a", "ba"), new Contraction("ab", "ab", "ab"), new Contraction("", "a", "a"), new Contraction("", "", ""),
    ];

    public override string Formula => "zᵢⱼ = Σₖ xᵢₖ · yₖⱼ";

    public override Rule Rule => new Rule.Bilinear(
        (node, cotangent) => Of(cotangent, _result, node.Input(1), _right, _left),
        (node, cotangent) => Of(node.Input(0), _left, cotangent, _result, _right));

    public override Notation Notation => Parameters switch
    {
        "ab,bc->ac" or "ab,b->a" or "a,ab->b" or "a,a->" => Notation.Between("@", 3, associative: false),
        "a,b->ab" => Notation.Between("⊗", 3, associative: false),
        _ => Notation.Function,
    };

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples =>
        _left.Length + _right.Length == 0
            ? [new(this, [new(Shape.Scalar, Domain.Real), new(Shape.Scalar, Domain.Real)])]
            : [Sample(2, 3, 4, 2), Sample(3, 1, 2, 1), Sample(1, 1, 1, 1), Sample(2, 0, 3, 1), Sample(9, 2, 17, 3)];

    /// <summary>
    /// The contraction of two expressions in the simplest form that there is: labels that only one operand has are summed
    /// first; where nothing is summed and the value is a product entry by entry it is that product; and where one operand
    /// is the same number everywhere nothing is contracted at all.
    /// </summary>
    /// <param name="left">The left operand.</param>
    /// <param name="leftLabels">A label for each of its axes, none twice.</param>
    /// <param name="right">The right operand.</param>
    /// <param name="rightLabels">A label for each of its axes, none twice.</param>
    /// <param name="resultLabels">The labels of the value, each of an operand, none twice.</param>
    public static Expr Of(Expr left, string leftLabels, Expr right, string rightLabels, string resultLabels)
    {
        // Infinity times an empty sum is NaN, while an empty sum of infinities is 0: only finite numbers are taken out.
        if (right.Uniform() is { } scale && double.IsFinite(scale))
        {
            return Scaled(left, leftLabels, scale, right, rightLabels, resultLabels);
        }

        if (left.Uniform() is { } factor && double.IsFinite(factor))
        {
            return Scaled(right, rightLabels, factor, left, leftLabels, resultLabels);
        }

        left = SumExcept(left, ref leftLabels, rightLabels + resultLabels);
        right = SumExcept(right, ref rightLabels, leftLabels + resultLabels);
        var sums = Except(leftLabels, resultLabels).Length > 0;
        if (!sums && (Except(leftLabels, rightLabels).Length == 0 || Except(rightLabels, leftLabels).Length == 0))
        {
            return Aligned(left, leftLabels, resultLabels) * Aligned(right, rightLabels, resultLabels);
        }

        // Labels by order of appearance, so that equal contractions are equal primitives.
        var labels = leftLabels + Except(rightLabels, leftLabels);
        return new Contraction(Renamed(leftLabels, labels), Renamed(rightLabels, labels), Renamed(resultLabels, labels)).Apply(left, right);
    }

    /// <summary>One expression with labels summed over and the rest in the order of the result.</summary>
    /// <param name="x">The expression.</param>
    /// <param name="labels">A label for each of its axes, none twice.</param>
    /// <param name="resultLabels">The labels of the value, each one of <paramref name="labels"/>, none twice.</param>
    public static Expr OfOne(Expr x, string labels, string resultLabels) =>
        Aligned(SumExcept(x, ref labels, resultLabels), labels, resultLabels);

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 2);
        RequireRank(operands[0], _left, "left");
        RequireRank(operands[1], _right, "right");
        foreach (var label in _left)
        {
            if (_right.Contains(label) && operands[0][_left.IndexOf(label)] != operands[1][_right.IndexOf(label)])
            {
                throw new ShapeException(
                    $"contract: label {label} of {Parameters} has extent {operands[0][_left.IndexOf(label)]} in the left operand {operands[0]} "
                    + $"and {operands[1][_right.IndexOf(label)]} in the right operand {operands[1]}; make them equal, or check the labels");
            }
        }

        var extents = new int[_result.Length];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var label = _result[axis];
            extents[axis] = _left.Contains(label) ? operands[0][_left.IndexOf(label)] : operands[1][_right.IndexOf(label)];
        }

        return Shape.Of(extents);
    }

    internal override Expr? Simplify(Application application) =>
        application.Input(0).IsUniform(1) || application.Input(1).IsUniform(1)
            ? Of(application.Input(0), _left, application.Input(1), _right, _result)
            : null;

    // The axis that leads gets a label that no letter can be; operands that all examples share lack it.
    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Of(operands[0], batched[0] ? "*" + _left : _left, operands[1], batched[1] ? "*" + _right : _right, "*" + _result);

    /// <summary>The contraction of x with an operand that is one number everywhere: sums, a multiple, repetition.</summary>
    private static Expr Scaled(Expr x, string labels, double number, Expr uniform, string uniformLabels, string resultLabels)
    {
        // A label of the uniform operand alone adds up that number as often as its extent says.
        number *= Repetitions(uniform, Except(Except(uniformLabels, labels), resultLabels), uniformLabels);
        var extents = new int[resultLabels.Length];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var label = resultLabels[axis];
            extents[axis] = labels.Contains(label) ? x.Shape[labels.IndexOf(label)] : uniform.Shape[uniformLabels.IndexOf(label)];
        }

        if (x.Uniform() is { } other && double.IsFinite(other))
        {
            return Expr.Full(Shape.Of(extents), number * other * Repetitions(x, Except(labels, resultLabels), labels));
        }

        var sum = Aligned(SumExcept(x, ref labels, resultLabels), labels, resultLabels);
        return (number == 1 ? sum : number * sum).BroadcastTo(Shape.Of(extents));
    }

    /// <summary>How many entries x has along some of its labels.</summary>
    private static double Repetitions(Expr x, string labels, string all)
    {
        var count = 1.0;
        foreach (var label in labels)
        {
            count *= x.Shape[all.IndexOf(label)];
        }

        return count;
    }

    /// <summary>x summed over the labels that are not among those needed.</summary>
    private static Expr SumExcept(Expr x, ref string labels, string needed)
    {
        var axes = new List<int>();
        for (var axis = 0; axis < labels.Length; axis++)
        {
            if (!needed.Contains(labels[axis]))
            {
                axes.Add(axis);
            }
        }

        labels = Except(labels, Except(labels, needed));
        return Sum.Over(x, [.. axes]);
    }

    /// <summary>x with its axes in the order of some labels, and an axis of extent 1 for each label that it lacks.</summary>
    private static Expr Aligned(Expr x, string labels, string order)
    {
        var axes = new List<int>();
        var extents = new List<int>();
        foreach (var label in order)
        {
            var axis = labels.IndexOf(label);
            extents.Add(axis < 0 ? 1 : x.Shape[axis]);
            if (axis >= 0)
            {
                axes.Add(axis);
            }
        }

        return Permute.To(x, [.. axes]).Reshape(Shape.Of([.. extents]));
    }

    private static string Except(string labels, string others) =>
        string.Concat(labels.Where(label => !others.Contains(label)));

    private static string Renamed(string labels, string order) =>
        string.Concat(labels.Select(label => Label(order.IndexOf(label))));

    /// <summary>The letter that stands for the axis with a number; past the alphabets, further letters.</summary>
    private static char Label(int number) => (char)(number < 26 ? 'a' + number : number < 52 ? 'A' + number - 26 : 'Ā' + number - 52);

    private void RequireRank(Shape shape, string labels, string side)
    {
        if (shape.Rank != labels.Length)
        {
            throw new ShapeException($"contract: the {side} operand {shape} has {shape.Rank} axes and {Parameters} names {labels.Length}; give one label for each axis");
        }
    }

    private Example Sample(params ReadOnlySpan<int> extents) =>
        new(this, [new(Extents(_left, extents), Domain.Real), new(Extents(_right, extents), Domain.Real)]);

    private static Shape Extents(string labels, ReadOnlySpan<int> extents)
    {
        var chosen = new int[labels.Length];
        for (var axis = 0; axis < chosen.Length; axis++)
        {
            chosen[axis] = extents[labels[axis] - 'a'];
        }

        return Shape.Of(chosen);
    }
}
