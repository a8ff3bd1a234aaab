namespace FunctionalGrad;

/// <summary>
/// How a contraction is run as a batch of matrix products. Labels fall into four groups: batch (both operands and the
/// value), rows (left alone), summed, columns (right alone). Each group must be one stride in each operand; where it is not,
/// or where no axis stands side by side for the lanes, an operand is copied. Large products copy their right operand themselves, and read a left one of which
/// neighbours along rows or the summed axis are side by side.
/// </summary>
internal sealed record ProductPlan(View Left, View Right, ProductLayout Layout, bool Dot, int[] TargetStrides)
{
    // With more rows than this a copy of the right operand pays.
    private const int MostDotRows = 3;

    public static ProductPlan Of((string Left, string Right, string Result) labels, View left, View right, Shape shape, Func<View, int[], View> copy)
    {
        var (leftLabels, rightLabels, result) = labels;
        var batch = Only(result, label => leftLabels.Contains(label) && rightLabels.Contains(label));
        var rows = Only(result, label => leftLabels.Contains(label) && !rightLabels.Contains(label));
        var columns = Only(result, label => rightLabels.Contains(label) && !leftLabels.Contains(label));
        var summed = Only(leftLabels, label => rightLabels.Contains(label) && !result.Contains(label));

        // Lanes run along the columns, so those are what stands innermost in the value.
        if (columns.Length == 0 || (rows.Length > 0 && result.IndexOf(rows[^1]) > result.IndexOf(columns[^1])))
        {
            (left, right, leftLabels, rightLabels, rows, columns) = (right, left, rightLabels, leftLabels, columns, rows);
        }

        // The value lies in row-major order where its groups of labels allow that.
        int[] strides = [.. shape.Strides()];
        if (Stride(shape, strides, result, batch) is null || Stride(shape, strides, result, rows) is null || (columns.Length > 0 && Stride(shape, strides, result, columns) != 1))
        {
            strides = View.DenseStrides(shape, Order(result, batch + rows + columns));
        }

        var (rowCount, summedCount, columnCount) = (Extent(shape, result, rows), Extent(left.Shape, leftLabels, summed), Extent(shape, result, columns));
        var large = ProductLayout.Large(rowCount, summedCount, columnCount);
        var far = large && Stride(left, leftLabels, rows) != 1 && Stride(left, leftLabels, summed) != 1;
        if (far || !IsWalkable(left, leftLabels, batch, rows, summed))
        {
            left = copy(left, Order(leftLabels, batch + rows + summed));
        }

        var walkable = IsWalkable(right, rightLabels, batch, summed, columns);
        var sideBySide = columnCount == 1 || Stride(right, rightLabels, columns) == 1;
        var dot = walkable && Stride(left, leftLabels, summed) == 1 && Stride(right, rightLabels, summed) == 1
            && (columnCount == 1 || (!sideBySide && rowCount <= MostDotRows));
        if (!walkable || !(dot || sideBySide || large))
        {
            right = copy(right, Order(rightLabels, batch + summed + columns));
        }

        return new(
            left,
            right,
            new(
                Extent(shape, result, batch), rowCount, summedCount, columnCount,
                Stride(left, leftLabels, batch)!.Value, Stride(left, leftLabels, rows)!.Value, Stride(left, leftLabels, summed)!.Value,
                Stride(right, rightLabels, batch)!.Value, Stride(right, rightLabels, summed)!.Value, Stride(right, rightLabels, columns)!.Value,
                Stride(shape, strides, result, batch)!.Value, Stride(shape, strides, result, rows)!.Value),
            dot,
            strides);
    }

    private static bool IsWalkable(View view, string labels, params ReadOnlySpan<string> groups)
    {
        foreach (var group in groups)
        {
            if (Stride(view, labels, group) is null)
            {
                return false;
            }
        }

        return true;
    }

    private static int Extent(Shape shape, string labels, string group) =>
        group.Aggregate(1, (extent, label) => extent * shape[labels.IndexOf(label)]);

    private static int? Stride(View view, string labels, string group) => Stride(view.Shape, view.Strides, labels, group);

    /// <summary>The stride at which a group of axes is walked as one, null where there is none.</summary>
    private static int? Stride(Shape shape, int[] strides, string labels, string group)
    {
        int? inner = null;
        var expected = 0;
        for (var i = group.Length - 1; i >= 0; i--)
        {
            var axis = labels.IndexOf(group[i]);
            if (shape[axis] == 1)
            {
                continue;
            }

            if (inner is not null && strides[axis] != expected)
            {
                return null;
            }

            inner ??= strides[axis];
            expected = strides[axis] * shape[axis];
        }

        // A group of one entry stands side by side with itself.
        return inner ?? 1;
    }

    private static string Only(string labels, Func<char, bool> chosen) => string.Concat(labels.Where(chosen));

    private static int[] Order(string labels, string order) => [.. order.Select(label => labels.IndexOf(label))];
}
