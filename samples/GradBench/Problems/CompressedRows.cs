using System.Text.Json;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>A sparse matrix by rows: the entries of row i are those from number Rows[i] up to Rows[i + 1].</summary>
/// <param name="Rows">Where each row begins, and the last one ends.</param>
/// <param name="Columns">The column of each entry.</param>
/// <param name="Values">The entries.</param>
internal sealed record CompressedRows(int[] Rows, int[] Columns, double[] Values)
{
    /// <summary>Writes so many numbers of each part, and its last.</summary>
    public void WriteEnds(Utf8JsonWriter writer, int count)
    {
        writer.WriteStartObject();
        WriteEnds(writer, "rows", Rows.Length, count, i => writer.WriteNumberValue(Rows[i]));
        WriteEnds(writer, "cols", Columns.Length, count, i => writer.WriteNumberValue(Columns[i]));
        WriteEnds(writer, "vals", Values.Length, count, i => writer.Number(Values[i]));
        writer.WriteEndObject();
    }

    private static void WriteEnds(Utf8JsonWriter writer, string name, int length, int count, Action<int> write)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < Math.Min(count, length); i++)
        {
            write(i);
        }

        if (length > 0)
        {
            write(length - 1);
        }

        writer.WriteEndArray();
    }
}
