using System.Globalization;
using System.Text;

namespace FunctionalGrad;

/// <summary>
/// A program as text: where its buffers lie, then what each step does, what it reads and what it writes, with the arithmetic
/// operations and the bytes that this takes.
/// </summary>
internal static class ProgramListing
{
    /// <summary>The listing, with the names of the variables of one of the graphs that share the program.</summary>
    public static string Of(Program program, BufferPlan plan, Variable[] variables, int bytesOfNumber)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < program.Buffers.Count; i++)
        {
            if (program.Buffers[i].Source is { } source)
            {
                text.Append(Invariant, $"b{i} = {(source is Variable ? $"variable {variables[next++].Name}" : "constant")} {source.Shape}\n");
            }
        }

        var places = Enumerable.Range(0, program.Buffers.Count).Where(i => plan.Slots[i] == BufferPlan.Arena)
            .Select(i => string.Create(Invariant, $"b{i} at {plan.Offsets[i]}"));
        text.Append(Invariant, $"memory of {(long)plan.Sizes[BufferPlan.Arena] * bytesOfNumber:N0} bytes: {string.Join(", ", places)}\n");
        var listed = new HashSet<Primitive>();
        foreach (var step in program.Steps)
        {
            text.Append(string.Join(", ", step.Writes.Select(buffer => $"b{buffer}"))).Append(" = ").Append(Of(step))
                .Append(Invariant, $"  · {step.Flops:N0} flop, {step.Moved * bytesOfNumber:N0} bytes\n");

            // Equal loops share a program, which is listed once.
            foreach (var function in step is RecurrenceStep { Loop: var loop } && listed.Add(loop) ? loop.Functions : [])
            {
                text.Append("    ").Append(Of(function, bytesOfNumber).Replace("\n", "\n    ", StringComparison.Ordinal)).Append('\n');
            }
        }

        return text.Append("return ").AppendJoin(", ", program.Results.Select(result => $"b{result.Buffer} {result.Shape}"))
            .Append(Invariant, $"  · {program.Steps.Sum(step => step.Flops):N0} flop, {program.Steps.Sum(step => step.Moved) * bytesOfNumber:N0} bytes")
            .ToString();
    }

    private static string Of(ClosedFunction function, int bytesOfNumber)
    {
        var (form, results) = CompiledProgram<double>.Simplified(function);
        var program = Lowering.Lower(form.Order, results);
        return Of(program, BufferPlan.Of(program), [.. form.Order.Variables], bytesOfNumber);
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static string Of(Step step) => step switch
    {
        LoopStep loop => $"loop {string.Join("×", LoopNest.Of(loop).Extents)} {{ {string.Join("; ", loop.Operations.Select((operation, i) => Of(loop, operation, i)))} }}",
        CopyStep copy => $"copy of {Of(copy.Source)}",
        ProductStep product =>
            $"product [{product.Layout.Batch}, {product.Layout.Rows}, {product.Layout.Summed}] × [{product.Layout.Batch}, {product.Layout.Summed}, {product.Layout.Columns}] of {Of(product.Left)} and {Of(product.Right)}",
        AssembleStep assembly => $"assembly of {string.Join(", ", assembly.Parts.Select(Of))}",
        JoinStep join => $"join of {string.Join(", ", join.Parts.Select(Of))}",
        SumStep sum => $"sum of {Of(sum.Source)} over axes [{string.Join(", ", sum.SummedAxes)}]",
        RecurrenceStep recurrence => $"{recurrence.Loop} of {string.Join(", ", recurrence.Operands.Select(Of))}",
        CallStep call => $"{call.Node.Primitive} of {string.Join(", ", call.Operands.Select(Of))}",
        _ => step.GetType().Name,
    };

    private static string Of(LoopStep loop, Operation operation, int index)
    {
        var arguments = operation.Arguments.Select(argument => argument.Kind switch
        {
            ArgumentKind.Operation => $"t{argument.Index}",
            ArgumentKind.Input => Of(loop.Inputs[argument.Index]),
            _ => argument.Number.ToString(Invariant),
        });
        var targets = string.Concat(loop.Outputs.Where(output => output.Operation == index)
            .Select(output => $" → {(output.IsSum ? "Σ " : "")}b{output.Target.Buffer}"));
        return $"t{index} = {operation.Primitive}({string.Join(", ", arguments)}){targets}";
    }

    private static string Of(View view) => view.IsRowMajor ? $"b{view.Buffer}" : $"b{view.Buffer}[{view.Offset} + ({string.Join(", ", view.Strides)})]";
}
