namespace FunctionalGrad;

/// <summary>
/// A sum of padded parts, added up in order: what the gradient by a variable is that was used slice by slice. Padding every
/// part to the whole shape and adding those up would cost the number of parts times the size of the whole.
/// </summary>
/// <param name="Position">The last sum of the chain.</param>
/// <param name="Parts">What is added up, in order.</param>
/// <param name="Padded">Those of them that are padded and serve nothing else.</param>
/// <param name="Inside">The sums on the way, which nobody else asks for.</param>
internal sealed record PaddedSum(int Position, List<int> Parts, List<int> Padded, List<int> Inside)
{
    /// <summary>The sums of an order of which at least half of the parts, and two, are padded.</summary>
    /// <param name="order">The nodes.</param>
    /// <param name="soleUser">The only use of a node; null where there are several, none, or somebody outside asks for it.</param>
    public static IEnumerable<PaddedSum> In(TopologicalOrder order, Func<int, int?> soleUser)
    {
        for (var position = 0; position < order.Count; position++)
        {
            if (IsSum(position) && !IsContinued(position) && At(position) is { Padded.Count: >= 2 } sum && 2 * sum.Padded.Count >= sum.Parts.Count)
            {
                yield return sum;
            }
        }

        PaddedSum At(int position)
        {
            var (parts, inside) = (new List<int>(), new List<int>());
            var sum = position;
            while (true)
            {
                parts.Add(order.InputsOf(sum)[1]);
                var left = order.InputsOf(sum)[0];
                if (!IsSum(left) || !IsContinued(left))
                {
                    parts.Add(left);
                    break;
                }

                inside.Add(left);
                sum = left;
            }

            parts.Reverse();
            return new(position, parts, parts.FindAll(part => order.Nodes[part] is Application { Primitive: Pad } && soleUser(part) is not null), inside);
        }

        bool IsSum(int position) => order.Nodes[position] is Application { Primitive: var primitive } && primitive == Add.Primitive;

        // Whether a sum is only the left part of a longer one.
        bool IsContinued(int position) =>
            soleUser(position) is { } user && IsSum(user) && order.InputsOf(user)[0] == position && order.InputsOf(user)[1] != position;
    }
}
