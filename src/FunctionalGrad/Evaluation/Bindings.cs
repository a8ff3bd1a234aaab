using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>What a graph asks of a point: values for its variables, and indices that are whole and in range.</summary>
internal sealed class Bindings
{
    // Indices that are computed can only be checked once they are known; these are known before any work.
    private readonly ImmutableArray<(Expr Source, int Extent, string Operation)> _indices;

    private Bindings(ImmutableArray<Variable> variables, ImmutableArray<(Expr Source, int Extent, string Operation)> indices)
    {
        Variables = variables;
        _indices = indices;
    }

    /// <summary>The variables that a point must assign.</summary>
    public ImmutableArray<Variable> Variables { get; }

    public static Bindings Of(TopologicalOrder order)
    {
        var indices = ImmutableArray.CreateBuilder<(Expr, int, string)>();
        foreach (var node in order.Nodes)
        {
            if (node is Application application
                && application.Primitive.Indices(application) is (var operand, var extent)
                && application.Input(operand) is Variable or Constant)
            {
                indices.Add((application.Input(operand), extent, application.Primitive.Name));
            }
        }

        return new(order.Variables, indices.ToImmutable());
    }

    /// <summary>Throws where a variable has no value, or an index is not whole or out of range.</summary>
    public void Check<T>(Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        CheckVariables(at);
        CheckIndices(at);
    }

    /// <summary>Throws where a variable has no value.</summary>
    public void CheckVariables<T>(Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        List<Variable>? missing = null;
        foreach (var variable in Variables)
        {
            if (!at.ContainsKey(variable))
            {
                (missing ??= []).Add(variable);
            }
        }

        if (missing is not null)
        {
            throw UnboundVariableException.For(missing, at.Variables);
        }
    }

    /// <summary>Throws where an index that the point assigns is not whole or out of range.</summary>
    public void CheckIndices<T>(Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (!_indices.IsEmpty)
        {
            CheckEach(at);
        }
    }

    private void CheckEach<T>(Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (source, extent, operation) in _indices)
        {
            if (source is Constant constant)
            {
                CheckConstant(constant, extent, operation);
            }
            else if (at.TryGetValue((Variable)source, out var value))
            {
                IndexOutsideException.Check(value.Values, extent, operation, ((Variable)source).Name);
            }
        }
    }

    /// <summary>What is left to ask of a point once the constant indices have been checked, which this does.</summary>
    public Bindings WithConstantsChecked()
    {
        foreach (var (source, extent, operation) in _indices)
        {
            if (source is Constant constant)
            {
                CheckConstant(constant, extent, operation);
            }
        }

        return new(Variables, _indices.RemoveAll(index => index.Source is Constant));
    }

    private static void CheckConstant(Constant indices, int extent, string operation) =>
        IndexOutsideException.Check(indices.Value.Values, extent, operation, "the constant");
}
