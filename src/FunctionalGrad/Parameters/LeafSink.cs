namespace FunctionalGrad;

/// <summary>
/// Collects the leaves of one structure in order, and a hash of everything else that decides its form: lengths, keys, cases,
/// what is absent, and plain members. Two structures with equal hashes have their leaves at the same places.
/// </summary>
internal sealed class LeafSink(int expected)
{
    private object[] _leaves = new object[expected];

    public int Count { get; private set; }

    public int Form { get; private set; }

    public ReadOnlySpan<object> Leaves => _leaves.AsSpan(0, Count);

    /// <summary>The leaves as an array, which the sink gives up.</summary>
    public object[] ToOwnedArray() => Count == _leaves.Length ? _leaves : _leaves[..Count];

    public void Add(object? leaf)
    {
        if (leaf is null)
        {
            Mark(0);
            return;
        }

        if (Count == _leaves.Length)
        {
            Array.Resize(ref _leaves, Math.Max(4, 2 * Count));
        }

        _leaves[Count++] = leaf;
    }

    public void AddDouble(double number) => Add((Tensor<double>)number);

    public void AddSingle(float number) => Add((Tensor<float>)number);

    public void Mark(int part) => Form = HashCode.Combine(Form, part);

    public void MarkMember<TMember>(TMember member) => Mark(member is null ? 0 : EqualityComparer<TMember>.Default.GetHashCode(member));
}

/// <summary>Gives out new leaves in the order in which a <see cref="LeafSink"/> collected the old ones.</summary>
internal sealed class LeafSource(object[] leaves)
{
    private int _next;

    /// <summary>The leaf in place of another; none in place of none.</summary>
    public object? Next(object? old) => old is null ? null : leaves[_next++];

    public object NextOf() => leaves[_next++];

    public double NextDouble() => ((Tensor<double>)leaves[_next++]).ToScalar();

    public float NextSingle() => ((Tensor<float>)leaves[_next++]).ToScalar();
}
