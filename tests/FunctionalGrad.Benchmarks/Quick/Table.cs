namespace FunctionalGrad.Benchmarks;

/// <summary>A table that is printed line by line, as its rows come.</summary>
internal sealed class Table
{
    private const int NameWidth = 34;
    private readonly int[] _widths;

    public Table(string name, params string[] columns)
    {
        _widths = [.. columns.Select(column => Math.Max(column.Length, 9) + 2)];
        Print(name, columns);
    }

    /// <summary>Prints a line. A row that fails says why in its place, and the others still run.</summary>
    public void Line(string name, Func<string[]> cells)
    {
        try
        {
            Print(name, cells());
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            Console.WriteLine($"{name.PadRight(NameWidth)}  {problem.GetType().Name}: {problem.Message}");
            Environment.ExitCode = 1;
        }
    }

    private void Print(string name, string[] cells) =>
        Console.WriteLine(name.PadRight(NameWidth) + string.Concat(cells.Zip(_widths, (cell, width) => cell.PadLeft(width))));
}
