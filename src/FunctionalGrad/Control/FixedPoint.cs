using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// A fixed point x = step(x, captured). Its value is that of a loop; its derivative is that of the point, by the implicit
/// function theorem, and not of the way there.
/// </summary>
internal sealed class FixedPoint : Primitive, IDeclaration
{
    // What is solved for derivatives converges at its own pace, to rounding, whatever the caller asked of x.
    private const int MostForDerivatives = 10_000;

    private readonly ClosedFunction _function;
    private readonly int _most;

    // The function goes from x, step(x) and captured to step(x) and whether x is reached.
    private FixedPoint(ClosedFunction function, int most)
        : base("fixed point", $"most: {most}")
    {
        (_function, _most) = (function, most);
        var (x, next) = (function.Parameters[0], function.Parameters[1]);
        var reached = Expr.Variable("reached");
        var isReached = function.Results[1].Substitute(next, function.Results[0]);
        Variable[] parameters = [x, reached, .. function.Parameters[2..]];
        Loop = new(
            new(most, States: 2, Sequences: 0),
            new(parameters, [function.Results[0], Expr.NotEqual(isReached, 0)]),
            new(parameters, [Expr.Equal(reached, 0)]),
            Name);
    }

    public static ImmutableArray<Primitive> Declared
    {
        get
        {
            var p = Expr.Variable("p", [2]);
            return [((Application)Of(Expr.Zeros([2]), x => p + (0.05 * Expr.Tanh(x)), ToRounding, 100)).Primitive];
        }
    }

    /// <summary>The loop that gives the value: its states are x, and whether it is reached.</summary>
    public Recurrence Loop { get; }

    /// <summary>Which result of the loop is the value.</summary>
    public int Result => Loop.FirstState;

    public override string Formula => "x = step(x)";

    public override Rule Rule => Rule.General.AtOnce(Pull, Push);

    public override ImmutableArray<Example> Examples =>
    [
        new(this,
        [
            // Whole, since nothing moves with the first guess.
            new(_function.Parameters[0].Shape, Domain.Whole(0, 0)), new([], Domain.Whole(0, 0)),
            .. _function.Parameters[2..].ToArray().Select(parameter => new Operand(parameter.Shape, Domain.Real)),
        ]),
    ];

    public static Expr Of(Expr initial, Func<Expr, Expr> step, Func<Expr, Expr, Expr> until, int most)
    {
        var x = Expr.Variable("x", initial.Shape);
        var next = Expr.Variable("next", initial.Shape);
        var better = step(x);
        Folding.RequireSame("iterate", [x], [better]);
        var reached = Folding.Scalar(until(x, next), "iterate: what until returns");
        var (function, captured) = ClosedFunction.Lift([x, next], [better, reached]);
        return new FixedPoint(function, most).Apply([initial, 0, .. captured]);
    }

    /// <summary>Whether a step changes x by no more than rounding does, in whichever precision it is taken.</summary>
    public static Expr ToRounding(Expr x, Expr next)
    {
        const double unitsInTheLastPlace = 1.0 / 64;
        if (x.Shape.Size == 0)
        {
            return 1;
        }

        var size = Expr.Abs(next).Max();
        return Expr.Equal(size + (Expr.Abs(next - x).Max() * unitsInTheLastPlace), size);
    }

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, _function.Parameters.Length);
        Loop.InferShape(operands);
        return operands[0];
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var packed = Loop.Evaluate(operands, [Loop.Size]);
        return Tensor<T>.Seal(shape, packed.Values.Slice(Loop.Offsets[Result], shape.Size).ToArray());
    }

    public override bool Equals(Primitive? other) =>
        ReferenceEquals(this, other) || (other is FixedPoint point && _most == point._most && _function.Equals(point._function));

    public override int GetHashCode() => HashCode.Combine(_most, _function);

    internal override ImmutableArray<ClosedFunction> Functions => [new(_function.Parameters, _function.Results[..1])];

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size)
    {
        // Until each of the examples is reached; more steps only bring the others closer.
        var given = new Dictionary<Variable, Batched>();
        for (var i = 2; i < operands.Length; i++)
        {
            given.Add(_function.Parameters[i], new(operands[i], batched[i]));
        }

        if (size == 0)
        {
            return Expr.Zeros(application.Shape.Behind(0));
        }

        return Of(batched[0] ? operands[0] : operands[0].Repeat(size), Step, Until, _most);

        Expr Step(Expr x) => Batching.Whole(Batching.Of(_function.Results[..1], With(x, x), size), size)[0];

        Expr Until(Expr x, Expr next) => Expr.NotEqual(Batching.Whole(Batching.Of(_function.Results[1..], With(x, next), size), size)[0], 0).Min();

        Dictionary<Variable, Batched> With(Expr x, Expr next) =>
            new(given) { [_function.Parameters[0]] = new(x, true), [_function.Parameters[1]] = new(next, true) };
    }

    private Expr? Push(Application node, ReadOnlySpan<Expr?> tangents)
    {
        var moving = new Dictionary<Variable, Expr>();
        for (var i = 2; i < tangents.Length; i++)
        {
            if (tangents[i] is { } tangent)
            {
                moving.Add(_function.Parameters[i], tangent);
            }
        }

        if (moving.Count == 0)
        {
            return null;
        }

        var direct = Pushed(moving);
        return Solve(direct, ofX => direct + Pushed(new() { [_function.Parameters[0]] = ofX }));

        Expr Pushed(Dictionary<Variable, Expr> tangentsOf) =>
            AtTheFixedPoint(node, ForwardMode.Tangents(_function.Order, tangentsOf, _function.Results[..1])[0] ?? Expr.Zeros(node.Shape));
    }

    private ImmutableArray<Expr?> Pull(Application node, Expr cotangent, ReadOnlySpan<bool> wanted)
    {
        var x = _function.Parameters[0];
        var adjoint = Solve(cotangent, ofX => cotangent + Transposed(ofX, [x])[0]!);
        var captured = new List<Variable>();
        for (var i = 2; i < wanted.Length; i++)
        {
            if (wanted[i])
            {
                captured.Add(_function.Parameters[i]);
            }
        }

        var pulled = Transposed(adjoint, [.. captured]);
        var contributions = new Expr?[wanted.Length];
        for (var (i, next) = (2, 0); i < wanted.Length; i++)
        {
            contributions[i] = wanted[i] ? pulled[next++] : null;
        }

        return [.. contributions];

        Expr?[] Transposed(Expr ofStep, Variable[] variables)
        {
            var adjoints = ReverseMode.Adjoints(_function.Order, _function.Results[..1], [ofStep], variables);
            return [.. adjoints.Select((found, i) => AtTheFixedPoint(node, found ?? Expr.Zeros(variables[i].Shape)))];
        }
    }

    /// <summary>The solution of a linear equation x = step(x), where step(0) is what is given.</summary>
    private Expr Solve(Expr given, Func<Expr, Expr> step)
    {
        // What is given may be a tangent or cotangent that a mask will pass over: then it may be infinite or NaN, and so may x.
        var isFinite = given.Shape.Size == 0 ? 1 : Expr.Abs(given).Max() < double.PositiveInfinity;
        return Of(given, step, (x, next) => ToRounding(x, next) | !isFinite, Math.Max(_most, MostForDerivatives));
    }

    // Parameters become what they stand for, and x the fixed point itself.
    private Expr AtTheFixedPoint(Application node, Expr derivative)
    {
        var replacements = new Dictionary<Expr, Expr> { [_function.Parameters[0]] = node };
        for (var i = 2; i < _function.Parameters.Length; i++)
        {
            replacements.Add(_function.Parameters[i], node.Input(i));
        }

        return Rewriting.Rewrite([derivative], other => replacements.GetValueOrDefault(other, other))[0];
    }
}
