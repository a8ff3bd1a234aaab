namespace FunctionalGrad;

/// <summary>
/// Walks a box in row-major order and tells, for each row along its last axis, where that row begins in an array that is
/// addressed by strides.
/// </summary>
internal ref struct StridedRows
{
    private readonly ReadOnlySpan<int> _strides;
    private readonly ReadOnlySpan<int> _box;
    private readonly Span<int> _index;
    private int _remaining = 1;
    private bool _started;

    /// <param name="offset">Where the first row begins.</param>
    /// <param name="strides">How far apart neighbours along each axis stand.</param>
    /// <param name="box">The extents along each axis.</param>
    /// <param name="index">Room for an index into the box.</param>
    public StridedRows(int offset, ReadOnlySpan<int> strides, ReadOnlySpan<int> box, Span<int> index)
    {
        _strides = strides;
        _box = box;
        _index = index[..Math.Max(box.Length - 1, 0)];
        _index.Clear();
        Current = offset;
        foreach (var extent in box[.._index.Length])
        {
            _remaining *= extent;
        }

        _remaining = box.Length > 0 && box[^1] == 0 ? 0 : _remaining;
    }

    /// <summary>Where the current row begins.</summary>
    public int Current { get; private set; }

    /// <summary>How many elements a row has, and how far apart they stand.</summary>
    public static (int Count, int Stride) Last(ReadOnlySpan<int> strides, ReadOnlySpan<int> box) =>
        box.IsEmpty ? (1, 1) : (box[^1], strides[^1]);

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
            if (++_index[axis] < _box[axis])
            {
                break;
            }

            Current -= _strides[axis] * _box[axis];
            _index[axis] = 0;
        }

        return true;
    }
}
