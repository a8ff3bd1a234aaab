namespace FunctionalGrad;

/// <content>
/// Sums of padded parts. A variable that is used slice by slice gets its gradient as such a sum; padding every part to the
/// whole shape and adding those up would cost the number of parts times the size of the whole.
/// </content>
internal sealed partial class Lowering
{
    // For the last sum of a chain, what is added up in order; and everything in between, which nobody else asks for.
    private readonly Dictionary<int, List<int>> _assemblies = [];
    private readonly bool[] _isInAssembly;

    private void FindAssemblies()
    {
        for (var position = 0; position < _order.Count; position++)
        {
            if (!IsSum(position) || IsContinued(position))
            {
                continue;
            }

            var (parts, inside) = (new List<int>(), new List<int>());
            var sum = position;
            while (true)
            {
                parts.Add(_order.InputsOf(sum)[1]);
                var left = _order.InputsOf(sum)[0];
                if (!IsSum(left) || !IsContinued(left))
                {
                    parts.Add(left);
                    break;
                }

                inside.Add(left);
                sum = left;
            }

            var padded = parts.FindAll(part => _order.Nodes[part] is Application { Primitive: Pad } && SoleUser(part) is not null);
            if (padded.Count >= 2 && 2 * padded.Count >= parts.Count)
            {
                parts.Reverse();
                _assemblies.Add(position, parts);
                foreach (var node in inside.Concat(padded))
                {
                    _isInAssembly[node] = true;
                }
            }
        }
    }

    private bool IsSum(int position) => _order.Nodes[position] is Application { Primitive: var primitive } && primitive == Add.Primitive;

    // Whether a sum is only the left part of a longer one.
    private bool IsContinued(int position) =>
        SoleUser(position) is { } user && IsSum(user) && _order.InputsOf(user)[0] == position && _order.InputsOf(user)[1] != position;

    private View Assemble(List<int> parts, Shape shape)
    {
        var sources = new View[parts.Count];
        var regions = new View[parts.Count];
        for (var i = 0; i < sources.Length; i++)
        {
            sources[i] = ViewOf(_isInAssembly[parts[i]] ? _order.InputsOf(parts[i])[0] : parts[i]);
        }

        var target = View.RowMajor(NewBuffer(shape.Size, null, _steps.Count), shape);
        for (var i = 0; i < sources.Length; i++)
        {
            regions[i] = _isInAssembly[parts[i]] && _order.Nodes[parts[i]] is Application { Primitive: Pad pad }
                ? target.Slice(pad.Before.AsSpan(), [.. pad.Interior.Select(between => between + 1)], sources[i].Shape)
                : target;
        }

        _steps.Add(new AssembleStep(sources, regions, target));
        return target;
    }
}
