namespace FunctionalGrad;

/// <summary>Extents and strides of a batch of matrix products.</summary>
internal readonly record struct ProductLayout(
    int Batch, int Rows, int Summed, int Columns,
    int LeftBatch, int LeftRow, int LeftSummed,
    int RightBatch, int RightSummed, int RightColumn,
    int TargetBatch, int TargetRow)
{
    // From here on it pays to copy both operands into the order in which they are read.
    private const long LargeWork = 1 << 23;

    /// <summary>How many multiplications there are.</summary>
    public long Work => (long)Batch * Rows * Summed * Columns;

    /// <summary>Whether each product is worth packing its operands.</summary>
    public bool IsLarge => Large(Rows, Summed, Columns);

    /// <summary>Whether a product is worth packing its operands: large, and every entry of them used often.</summary>
    public static bool Large(int rows, int summed, int columns) =>
        rows >= 32 && summed >= 64 && columns >= 48 && (long)rows * summed * columns >= LargeWork;
}
