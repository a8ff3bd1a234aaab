namespace FunctionalGrad;

/// <summary>Extents and strides of a batch of matrix products.</summary>
internal readonly record struct ProductLayout(
    int Batch, int Rows, int Summed, int Columns,
    int LeftBatch, int LeftRow, int LeftSummed,
    int RightBatch, int RightSummed, int RightColumn,
    int TargetBatch, int TargetRow)
{
    // From here on operands do not stay in the caches as a whole.
    private const long LargeWork = 1 << 23;

    /// <summary>How many multiplications there are.</summary>
    public long Work => (long)Batch * Rows * Summed * Columns;

    /// <summary>Whether each product is multiplied block by block.</summary>
    public bool IsLarge => Large(Rows, Summed, Columns);

    /// <summary>Whether a product is multiplied block by block: large, and every entry of its operands used often.</summary>
    public static bool Large(int rows, int summed, int columns) =>
        rows >= 32 && summed >= 64 && columns >= 48 && (long)rows * summed * columns >= LargeWork;
}
