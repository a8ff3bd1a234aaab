using System.Reflection.Emit;

namespace FunctionalGrad;

/// <content>What a single branch of a choice needs is computed in that branch.</content>
internal sealed partial class ScalarFormula<T>
{
    // Branches are numbered: 2·i + 1 and 2·i + 2 are those of the choice that is operation i.
    private const int Everywhere = 0;
    private const int Nowhere = -1;

    // Branches within branches are written by recursion.
    private const int Deepest = 16;

    private readonly Dictionary<int, List<int>> _operationsIn = [];

    // For each operation the branch that it is computed in, and the values that nothing needs after it.
    private readonly int[] _homes;
    private readonly List<int>?[] _endsAt;

    // The innermost branch that all of the users of a value are in; users stand behind it, so that theirs are known.
    private void FindHomes()
    {
        Array.Fill(_homes, Nowhere);
        foreach (var wanted in _wanted)
        {
            _homes[wanted] = Everywhere;
        }

        for (var i = _operations.Count - 1; i >= 0; i--)
        {
            if (_homes[i] == Nowhere)
            {
                continue;
            }

            // That its condition does not hold is then known everywhere.
            if (_operations[i].Member == "EachWhere")
            {
                _homes[i] = Everywhere;
            }

            var (user, opens) = (i, _operations[i].Member == "Select" && Depth(_homes[i]) < Deepest);
            Loaded(_operations[i], (number, input) =>
            {
                var place = opens && input > 0 ? (2 * user) + input : _homes[user];
                var position = _positions[number];
                _homes[position] = _homes[position] == Nowhere ? place : Common(_homes[position], place);
            });
        }

        for (var i = 0; i < _operations.Count; i++)
        {
            if (_homes[i] == Nowhere || _operations[i].Member == LaneOperation.Number)
            {
                continue;
            }

            if (!_operationsIn.TryGetValue(_homes[i], out var together))
            {
                _operationsIn.Add(_homes[i], together = []);
            }

            together.Add(i);
        }
    }

    private void FindEnds()
    {
        var lastUse = new int[_operations.Count];
        for (var i = _operations.Count - 1; i >= 0; i--)
        {
            lastUse[i] = Math.Max(lastUse[i], i);
            if (_homes[i] != Nowhere)
            {
                var user = i;
                Loaded(_operations[i], (number, _) =>
                {
                    var position = _positions[number];
                    lastUse[position] = Math.Max(lastUse[position], UserIn(_homes[position], user));
                });
            }
        }

        for (var i = 0; i < lastUse.Length; i++)
        {
            (_endsAt[lastUse[i]] ??= []).Add(i);
        }
    }

    private void ComputeIn(int branch, Action<int> computed)
    {
        foreach (var i in _operationsIn.GetValueOrDefault(branch) ?? [])
        {
            Write(_operations[i]);
            foreach (var ended in _endsAt[i] ?? [])
            {
                GiveBack(ended, i);
            }

            _values[i] = _method.Take(typeof(T));
            _il.Emit(OpCodes.Stloc, _values[i]!);
            computed(i);
            if (_endsAt[i]?.Contains(i) == true)
            {
                _method.Give(_values[i]!);
            }
        }
    }

    private void GiveBack(int ended, int at)
    {
        if (ended != at && _values[ended] is { } local)
        {
            _method.Give(local);
        }
    }

    private void LoadInBranch(LaneOperation choice, int input)
    {
        ComputeIn((2 * _positions[choice]) + input, _ => { });
        Load(choice.Inputs[input]);
    }

    // Where in a branch a user of a value computed there stands: itself, or the choice in a branch of which it is.
    private int UserIn(int branch, int user)
    {
        while (_homes[user] != branch && ChoiceOf(branch) != user)
        {
            user = ChoiceOf(_homes[user]);
        }

        return user;
    }

    private int Common(int one, int other)
    {
        while (one != other)
        {
            var isDeeper = Depth(one) >= Depth(other);
            (one, other) = isDeeper ? (Around(one), other) : (one, Around(other));
        }

        return one;
    }

    private int Depth(int branch)
    {
        var depth = 0;
        for (; branch != Everywhere; branch = Around(branch))
        {
            depth++;
        }

        return depth;
    }

    private int Around(int branch) => _homes[ChoiceOf(branch)];

    private static int ChoiceOf(int branch) => branch == Everywhere ? -1 : (branch - 1) / 2;
}
