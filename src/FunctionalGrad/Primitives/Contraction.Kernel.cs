using System.Numerics;
using System.Numerics.Tensors;

namespace FunctionalGrad;

/// <content>
/// The kernel. Labels fall into four groups, and with each group walked by one stride every contraction is a batch of
/// matrix products: [batch, row, summed] × [batch, summed, column]. An operand is copied only where its layout has no
/// such strides.
/// </content>
internal sealed partial class Contraction
{
    // Shorter rows cost less in a plain loop than in a call.
    private const int ShortRow = 8;

    private readonly LoopOrder _order;

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var (rowOperand, columnOperand) = _order.Exchanged ? (operands[1], operands[0]) : (operands[0], operands[1]);
        var (rowLabels, columnLabels) = _order.Exchanged ? (_right, _left) : (_left, _right);
        var left = Matrices<T>.Arrange(rowOperand, rowLabels, _order.Batch, _order.Rows, _order.Summed, contiguous: false);
        var right = Matrices<T>.Arrange(columnOperand, columnLabels, _order.Batch, _order.Summed, _order.Columns, contiguous: true);

        var value = new T[shape.Size];
        if (value.Length > 0)
        {
            Multiply(left, right, value);
        }

        return _order.Value == _result ? Tensor<T>.Seal(shape, value) : Tensor<T>.Seal(shape, Permuted(value, shape));
    }

    /// <summary>value[b, i, j] = Σₖ left[b, i, k] · right[b, k, j], added up in the order of k.</summary>
    private static void Multiply<T>(Matrices<T> left, Matrices<T> right, Span<T> value)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (rows, summed, columns) = (left.Rows.Count, left.Columns.Count, right.Columns.Count);
        for (var b = 0; b < left.Batch.Count; b++)
        {
            for (var i = 0; i < rows; i++)
            {
                var factor = (b * left.Batch.Stride) + (i * left.Rows.Stride);
                var start = b * right.Batch.Stride;
                if (columns == 1)
                {
                    var sum = T.Zero;
                    for (var k = 0; k < summed; k++)
                    {
                        sum += left.Values[factor + (k * left.Columns.Stride)] * right.Values[start + (k * right.Rows.Stride)];
                    }

                    value[(b * rows) + i] = sum;
                    continue;
                }

                var row = value.Slice(((b * rows) + i) * columns, columns);
                for (var k = 0; k < summed; k++)
                {
                    AddMultiple(
                        left.Values[factor + (k * left.Columns.Stride)],
                        right.Values.Slice(start + (k * right.Rows.Stride), columns),
                        row);
                }
            }
        }
    }

    /// <summary>row += factor · other.</summary>
    private static void AddMultiple<T>(T factor, ReadOnlySpan<T> other, Span<T> row)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (row.Length >= ShortRow)
        {
            TensorPrimitives.MultiplyAdd(other, factor, row, row);
            return;
        }

        for (var j = 0; j < row.Length; j++)
        {
            row[j] += factor * other[j];
        }
    }

    /// <summary>What was computed as [batch, row, column], in the order of the result.</summary>
    private T[] Permuted<T>(ReadOnlySpan<T> computed, Shape shape)
    {
        var strides = new int[shape.Rank];
        var stride = 1;
        for (var i = _order.Value.Length - 1; i >= 0; i--)
        {
            var axis = _result.IndexOf(_order.Value[i]);
            strides[axis] = stride;
            stride *= shape[axis];
        }

        var value = new T[computed.Length];
        StridedCopy.Gather(computed, 0, strides, shape, value);
        return value;
    }

    /// <summary>Which labels are walked together, fixed by the labels alone.</summary>
    private sealed record LoopOrder(string Batch, string Rows, string Summed, string Columns, bool Exchanged)
    {
        /// <summary>The labels in the order in which the value is computed.</summary>
        public string Value { get; } = Batch + Rows + Columns;

        public static LoopOrder Of(string left, string right, string result)
        {
            var batch = string.Concat(result.Where(label => left.Contains(label) && right.Contains(label)));
            var ofLeft = Except(Except(result, right), batch);
            var ofRight = Except(Except(result, left), batch);
            var summed = Except(left, result);

            // The operands are exchanged where that spares a copy: of the value, or of a matrix that meets a vector.
            var exchanged = ofRight.Length > 0
                ? ofLeft.Length > 0 && result.IndexOf(ofRight[0]) < result.IndexOf(ofLeft[0])
                : ofLeft.Length > 0 && ofLeft.Contains(left[^1]);
            return exchanged
                ? new(batch, ofRight, summed, ofLeft, true)
                : new(batch, ofLeft, summed, ofRight, false);
        }
    }
}
