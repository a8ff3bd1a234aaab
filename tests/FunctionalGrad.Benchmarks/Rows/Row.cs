namespace FunctionalGrad.Benchmarks;

/// <summary>A row of the benchmarks.</summary>
/// <param name="Name">What it is called, and filtered by.</param>
/// <param name="Make">Makes it, with its numbers.</param>
internal sealed record Row(string Name, Func<IComparison> Make)
{
    public override string ToString() => Name;
}
