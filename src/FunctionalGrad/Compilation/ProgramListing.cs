using System.Text;

namespace FunctionalGrad;

/// <summary>A program as text: what each step does, what it reads and what it writes.</summary>
internal static class ProgramListing
{
    public static string Of(Program program)
    {
        var text = new StringBuilder();
        for (var i = 0; i < program.Buffers.Count; i++)
        {
            if (program.Buffers[i].Source is { } source)
            {
                text.Append($"b{i} = {(source is Variable variable ? $"variable {variable.Name}" : "constant")} {source.Shape}\n");
            }
        }

        foreach (var step in program.Steps)
        {
            text.Append(string.Join(", ", step.Writes.Select(buffer => $"b{buffer}"))).Append(" = ").Append(Of(step)).Append('\n');
        }

        return text.Append("return ").AppendJoin(", ", program.Results.Select(result => $"b{result.Buffer} {result.Shape}")).ToString();
    }

    private static string Of(Step step) => step switch
    {
        LoopStep loop => $"loop {string.Join("×", LoopNest.Of(loop).Extents)} {{ {string.Join("; ", loop.Operations.Select((operation, i) => Of(loop, operation, i)))} }}",
        CopyStep copy => $"copy of {Of(copy.Source)}",
        ProductStep product =>
            $"product [{product.Layout.Batch}, {product.Layout.Rows}, {product.Layout.Summed}] × [{product.Layout.Batch}, {product.Layout.Summed}, {product.Layout.Columns}] of {Of(product.Left)} and {Of(product.Right)}",
        SumStep sum => $"sum of {Of(sum.Source)} over axes [{string.Join(", ", sum.SummedAxes)}]",
        CallStep call => $"{call.Node.Primitive} of {string.Join(", ", call.Operands.Select(Of))}",
        _ => step.GetType().Name,
    };

    private static string Of(LoopStep loop, Operation operation, int index)
    {
        var arguments = operation.Arguments.Select(argument => argument.Kind switch
        {
            ArgumentKind.Operation => $"t{argument.Index}",
            ArgumentKind.Input => Of(loop.Inputs[argument.Index]),
            _ => argument.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        var targets = string.Concat(loop.Outputs.Where(output => output.Operation == index).Select(output => $" → b{output.Target.Buffer}"));
        return $"t{index} = {operation.Primitive}({string.Join(", ", arguments)}){targets}";
    }

    private static string Of(View view) => view.IsRowMajor ? $"b{view.Buffer}" : $"b{view.Buffer}[{view.Offset} + ({string.Join(", ", view.Strides)})]";
}
