namespace FunctionalGrad;

/// <content>Sums of padded parts: each part is added to its region of the whole.</content>
internal sealed partial class Lowering
{
    // For the last sum of a chain, what is added up in order; and everything in between, which nobody else asks for.
    private readonly Dictionary<int, List<int>> _assemblies = [];
    private readonly bool[] _isInAssembly;

    private void FindAssemblies()
    {
        foreach (var sum in PaddedSum.In(_order, SoleUser))
        {
            _assemblies.Add(sum.Position, sum.Parts);
            foreach (var node in sum.Inside.Concat(sum.Padded))
            {
                _isInAssembly[node] = true;
            }
        }
    }

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
