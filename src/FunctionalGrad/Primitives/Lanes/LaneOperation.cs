using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// One operation on lanes as a kernel asked for it: a member of <see cref="ILanes{V}"/> by name, what it works on, and what
/// it knows besides (a number, a kernel). Running a kernel on <see cref="Recorded{T}"/> gives a graph of these.
/// </summary>
internal sealed class LaneOperation(string member, ReadOnlySpan<LaneOperation> inputs, object? detail = null)
{
    /// <summary>The member of something that stands for an argument of the loop: its detail is the number of the input.</summary>
    public const string Argument = "argument";

    /// <summary>The member of a number that is the same in every lane.</summary>
    public const string Number = "number";

    public string Member { get; } = member;

    public LaneOperation[] Inputs { get; } = inputs.ToArray();

    public object? Detail { get; } = detail;

    /// <summary>
    /// All operations that some need, each before its first use; equal ones are one. The second array says where in the
    /// first each of the wanted stands.
    /// </summary>
    public static (List<LaneOperation> Operations, int[] Wanted) InOrder(ReadOnlySpan<LaneOperation> wanted)
    {
        var operations = new List<LaneOperation>();
        var numbers = new Dictionary<LaneOperation, int>(ReferenceEqualityComparer.Instance);
        var known = new Dictionary<Key, int>();
        var pending = new Stack<LaneOperation>();
        foreach (var operation in wanted)
        {
            pending.Push(operation);
            while (pending.TryPeek(out var next))
            {
                var ready = true;
                if (!numbers.ContainsKey(next))
                {
                    foreach (var input in next.Inputs)
                    {
                        if (!numbers.ContainsKey(input))
                        {
                            pending.Push(input);
                            ready = false;
                        }
                    }
                }

                if (!ready)
                {
                    continue;
                }

                pending.Pop();
                if (!numbers.ContainsKey(next))
                {
                    numbers[next] = Numbered(next);
                }
            }
        }

        return (operations, Array.ConvertAll(wanted.ToArray(), operation => numbers[operation]));

        int Numbered(LaneOperation operation)
        {
            var inputs = Array.ConvertAll(operation.Inputs, input => numbers[input]);
            var key = new Key(operation.Member, inputs, operation.Detail);
            if (!known.TryGetValue(key, out var number))
            {
                number = operations.Count;
                known.Add(key, number);
                operations.Add(new(operation.Member, [.. inputs.Select(input => operations[input])], operation.Detail));
                numbers[operations[^1]] = number;
            }

            return number;
        }
    }

    private readonly struct Key(string member, int[] inputs, object? detail) : IEquatable<Key>
    {
        private readonly (string Member, int[] Inputs, object? Detail) _parts = (member, inputs, detail);

        public bool Equals(Key other) =>
            _parts.Member == other._parts.Member && _parts.Inputs.AsSpan().SequenceEqual(other._parts.Inputs)
            && Equals(_parts.Detail, other._parts.Detail);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(_parts.Member);
            hash.Add(_parts.Detail);
            foreach (var input in _parts.Inputs)
            {
                hash.Add(input);
            }

            return hash.ToHashCode();
        }

        // 0 and −0 are two numbers.
        private static new bool Equals(object? left, object? right) => left is double x && right is double y
            ? BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y)
            : object.Equals(left, right);
    }
}

/// <summary>A kernel for single numbers, kept as it is: for what has no form over lanes.</summary>
internal sealed record SingleKernel(Type Type, object Box)
{
    public static SingleKernel Of<TKernel>(TKernel kernel)
        where TKernel : struct => new(typeof(TKernel), new StrongBox<TKernel>(kernel));
}
