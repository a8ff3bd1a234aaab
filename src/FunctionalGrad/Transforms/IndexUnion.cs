namespace FunctionalGrad;

/// <summary>
/// Adds up sets of indices, each an array in ascending order that nobody changes. A union that equals one of the sets is
/// that very array, so that equal sets are mostly one object.
/// </summary>
internal sealed class IndexUnion(int count)
{
    private static readonly int[] None = [];

    private readonly int[] _stampOf = new int[count];
    private readonly List<int> _added = [];
    private int[] _first = None;
    private bool _several;
    private int _stamp;

    public void Add(int[] set)
    {
        if (set.Length == 0 || ReferenceEquals(set, _first))
        {
            return;
        }

        if (_first.Length == 0)
        {
            _first = set;
            return;
        }

        if (!_several)
        {
            _several = true;
            _stamp++;
            Mark(_first);
        }

        var before = _added.Count;
        Mark(set);

        // The larger of two sets, one within the other, is the union.
        if (_added.Count > before && _added.Count == set.Length)
        {
            _first = set;
        }
    }

    /// <summary>The union of what was added since it was last taken.</summary>
    public int[] Take()
    {
        var union = _first;
        if (_added.Count > _first.Length)
        {
            union = [.. _added];
            Array.Sort(union);
        }

        (_first, _several) = (None, false);
        _added.Clear();
        return union;
    }

    private void Mark(int[] set)
    {
        foreach (var index in set)
        {
            if (_stampOf[index] != _stamp)
            {
                _stampOf[index] = _stamp;
                _added.Add(index);
            }
        }
    }
}
