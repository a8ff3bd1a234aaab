namespace FunctionalGrad;

/// <summary>
/// Walks a box in row-major order and tells, for each row along its last axis, where that row begins in an array that is
/// addressed by strides.
/// </summary>
internal ref struct StridedRows(int offset, ReadOnlySpan<int> strides, Shape box)
{
    private readonly ReadOnlySpan<int> _strides = strides;
    private readonly int[] _index = new int[Math.Max(box.Rank - 1, 0)];
    private int _remaining = box.Size == 0 ? 0 : box.Size / Last(strides, box).Count;
    private bool _started;

    /// <summary>Where the current row begins.</summary>
    public int Current { get; private set; } = offset;

    /// <summary>How many elements a row has, and how far apart they stand.</summary>
    public static (int Count, int Stride) Last(ReadOnlySpan<int> strides, Shape box) =>
        box.IsScalar ? (1, 1) : (box[-1], strides[^1]);

    public readonly StridedRows GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_remaining-- <= 0)
        {
            return false;
        }

        if (!_started)
        {
            return _started = true;
        }

        for (var axis = _index.Length - 1; axis >= 0; axis--)
        {
            Current += _strides[axis];
            if (++_index[axis] < box[axis])
            {
                break;
            }

            Current -= _strides[axis] * box[axis];
            _index[axis] = 0;
        }

        return true;
    }
}
