using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>A primitive run on memory: it reads its operands and writes its value where they lie.</summary>
internal sealed class Call<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly CallStep _step;

    // Looked up once: a generic virtual method is slow to find.
    private readonly Evaluator _evaluate;

    // Room for the operands where the stack has none, taken by one run at a time and empty in between.
    private Dense<T>[]? _idle;

    public Call(CallStep step)
    {
        _step = step;
        _evaluate = step.Node.Primitive.EvaluateInto;
    }

    private delegate void Evaluator(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target);

    public void Run(T[][] memory)
    {
        var count = _step.Operands.Length;
        if (count <= Few.Count)
        {
            var few = default(Few);
            Run(memory, ((Span<Dense<T>>)few)[..count]);
            return;
        }

        var many = Interlocked.Exchange(ref _idle, null) ?? new Dense<T>[count];
        Run(memory, many);
        Array.Clear(many);
        _idle = many;
    }

    private void Run(T[][] memory, Span<Dense<T>> operands)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            var view = _step.Operands[i];
            operands[i] = new(memory[view.Buffer], view.Offset, view.Shape);
        }

        var target = _step.Target;
        _evaluate(operands, target.Shape, memory[target.Buffer].AsSpan(target.Offset, target.Shape.Size));
    }

    [InlineArray(Count)]
    private struct Few
    {
        public const int Count = 4;

        private Dense<T> _first;
    }
}
