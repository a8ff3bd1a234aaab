using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// A loop in the graph: a state goes through one step after the other,
/// <code>
/// (stateₜ₊₁, outputₜ) = body(stateₜ, itemₜ, captured)        t = 0 … n − 1
/// </code>
/// Folds, scans, whiles and checkpoints are all of this one primitive, and so are the derivatives of each, so loops nest and
/// differentiate to any order.
/// </summary>
/// <remarks>
/// Operands are the number of steps (where it is only known when running), the initial states, the sequences with an item for
/// each step along their first axis, and what the body captured. The value is a vector of all results one after the other,
/// each a <see cref="Part"/> of it: the number of steps (where there is a condition), the final states, and the outputs, with
/// one for each step along the first axis, 0 where no step was taken.
/// </remarks>
internal sealed partial class Recurrence : Primitive, IDeclaration
{
    private readonly ImmutableArray<Shape> _results;
    private readonly ImmutableArray<int> _offsets;

    public Recurrence(LoopForm form, ClosedFunction body, ClosedFunction? condition = null, string? name = null)
        : base(name ?? NameOf(form, body, condition), Text(form))
    {
        (Form, Body, Condition) = (form, body, condition);
        var results = ImmutableArray.CreateBuilder<Shape>();
        if (condition is not null)
        {
            results.Add(Shape.Scalar);
        }

        for (var i = 0; i < body.Results.Length; i++)
        {
            var shape = body.Results[i].Shape;
            results.Add(i < form.States ? shape : form.Stacked(shape));
        }

        _results = results.ToImmutable();
        var offsets = ImmutableArray.CreateBuilder<int>();
        var size = 0L;
        foreach (var shape in _results)
        {
            offsets.Add((int)size);
            size += shape.Size;
            if (size > Array.MaxLength)
            {
                throw new ShapeException(
                    $"{Name}: {form.Length} steps give more than {Array.MaxLength} numbers; take fewer steps, or keep fewer states with checkpointEvery");
            }
        }

        _offsets = offsets.ToImmutable();
        Size = (int)size;
    }

    /// <summary>How many states, sequences and steps there are.</summary>
    public LoopForm Form { get; }

    /// <summary>A step: from states, items and captured to the next states and the outputs.</summary>
    public ClosedFunction Body { get; }

    /// <summary>Whether to take another step (not 0), from the same parameters, of which it uses no items; null where it always is.</summary>
    public ClosedFunction? Condition { get; }

    /// <summary>The shapes of the results that the value consists of.</summary>
    public ImmutableArray<Shape> Results => _results;

    /// <summary>Where each result begins.</summary>
    public ImmutableArray<int> Offsets => _offsets;

    /// <summary>How many numbers the value has.</summary>
    public int Size { get; }

    /// <summary>Which result is the first final state: the number of steps may stand before it.</summary>
    public int FirstState => Condition is null ? 0 : 1;

    public override string Formula => "(stateₜ₊₁, outputₜ) = body(stateₜ, itemₜ, captured)";

    /// <summary>One result of a node of this primitive.</summary>
    public Expr Result(Expr node, int index) => Part.Of(node, _offsets[index], _results[index]);

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, Form.FirstOperand + Body.Parameters.Length);
        for (var i = 0; i < operands.Length; i++)
        {
            var wanted = ShapeOfOperand(i);
            if (operands[i] != wanted)
            {
                throw new ShapeException($"{Name}: operand {i} has shape {operands[i]} and the loop was made for {wanted}; make the loop anew for other shapes");
            }
        }

        return [Size];
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var arguments = operands[Form.FirstOperand..].ToArray();
        var sequences = arguments[Form.States..(Form.States + Form.Sequences)];
        var limit = Form.IsCounted ? Form.Steps(operands[0].ToScalar()) : Form.Length;
        var packed = new T[shape.Size];
        var taken = 0;
        for (; Condition is null ? taken < limit : Interpreter<T>.Evaluate(Condition, arguments)[0].ToScalar() != T.Zero; taken++)
        {
            if (taken == limit)
            {
                throw Exceeded(arguments[0]);
            }

            var position = Form.IsReversed ? limit - 1 - taken : taken;
            for (var i = 0; i < sequences.Length; i++)
            {
                arguments[Form.States + i] = sequences[i].At(position);
            }

            var values = Interpreter<T>.Evaluate(Body, arguments);
            for (var i = 0; i < values.Length; i++)
            {
                if (i < Form.States)
                {
                    arguments[i] = values[i];
                }
                else
                {
                    values[i].Values.CopyTo(packed.AsSpan(_offsets[FirstState + i] + (position * values[i].Size)));
                }
            }
        }

        if (Condition is not null)
        {
            packed[0] = T.CreateTruncating(taken);
        }

        for (var i = 0; i < Form.States; i++)
        {
            arguments[i].Values.CopyTo(packed.AsSpan(_offsets[FirstState + i]));
        }

        return Tensor<T>.Seal(shape, packed);
    }

    /// <summary>The error of a condition that still holds when the most steps have been taken.</summary>
    public LoopLimitException Exceeded(object state) => new(
        $"{Name}: the loop had not stopped after {Form.Length} steps, the most that it may take; its state was then {state}. "
        + "Check that the state gets where the loop should stop (a tolerance may be smaller than rounding allows), or raise most");

    public override bool Equals(Primitive? other) =>
        ReferenceEquals(this, other)
        || (other is Recurrence loop && Form == loop.Form && Body.Equals(loop.Body)
            && (Condition is null ? loop.Condition is null : Condition.Equals(loop.Condition)));

    public override int GetHashCode() => HashCode.Combine(Form, Body, Condition);

    internal override ImmutableArray<ClosedFunction> Functions => Condition is null ? [Body] : [Condition, Body];

    private Shape ShapeOfOperand(int operand)
    {
        var parameter = operand - Form.FirstOperand;
        return parameter < 0 ? Shape.Scalar
            : Form.IsItem(parameter) ? Form.Stacked(Body.Parameters[parameter].Shape)
            : Body.Parameters[parameter].Shape;
    }

    private static string NameOf(LoopForm form, ClosedFunction body, ClosedFunction? condition) =>
        condition is not null ? "while"
        : form is { States: 0, Length: 1 } ? "checkpoint"
        : body.Results.Length == form.States ? "fold"
        : "scan";

    private static string Text(LoopForm form) =>
        form is { States: 0, Length: 1 } ? ""
        : form.IsCounted ? $"backwards over the steps taken, at most: {form.Length}"
        : $"steps: {form.Length}{(form.IsReversed ? ", backwards" : "")}";
}
