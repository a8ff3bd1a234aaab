namespace FunctionalGrad;

/// <summary>
/// A sum whose terms come in any order and from any thread, and are added in one: neighbours first, then neighbouring sums,
/// ((0 + 1) + (2 + 3)) + 4. Rounding makes additions depend on their order; here that order depends on the number of terms
/// alone. No thread waits for another: of two neighbours the one that comes last adds both.
/// </summary>
/// <typeparam name="TValue">What is added.</typeparam>
internal sealed class ReductionTree<TValue>
    where TValue : class
{
    private readonly int _terms;
    private readonly Func<TValue, TValue, TValue> _add;

    // At each level, for each pair of neighbours, the one that came first.
    private readonly TValue?[][] _waiting;
    private TValue? _sum;

    public ReductionTree(int terms, Func<TValue, TValue, TValue> add)
    {
        _terms = terms;
        _add = add;
        var levels = new List<TValue?[]>();
        for (var count = terms; count > 1; count = (count + 1) / 2)
        {
            levels.Add(new TValue?[count / 2]);
        }

        _waiting = [.. levels];
    }

    /// <summary>The sum, once every term has been added; nothing before, or where there are no terms.</summary>
    public TValue? Sum => _sum;

    /// <summary>Adds a term, each of them once.</summary>
    public void Add(int position, TValue value)
    {
        var count = _terms;
        foreach (var level in _waiting)
        {
            // The last of an odd number has no neighbour and goes up as it is.
            if ((position ^ 1) < count)
            {
                var neighbour = Interlocked.CompareExchange(ref level[position / 2], value, null);
                if (neighbour is null)
                {
                    return;
                }

                level[position / 2] = null;
                value = position % 2 == 0 ? _add(value, neighbour) : _add(neighbour, value);
            }

            position /= 2;
            count = (count + 1) / 2;
        }

        _sum = value;
    }
}
