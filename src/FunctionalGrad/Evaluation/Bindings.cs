using System.Numerics;

namespace FunctionalGrad;

/// <summary>What can be wrong with a point, found before any work is done.</summary>
internal static class Bindings
{
    public static void Check<T>(TopologicalOrder order, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        List<Variable>? missing = null;
        foreach (var node in order.Nodes)
        {
            if (node is Variable variable && !at.ContainsKey(variable))
            {
                (missing ??= []).Add(variable);
            }
        }

        if (missing is not null)
        {
            throw UnboundVariableException.For(missing, at.Variables);
        }

        foreach (var node in order.Nodes)
        {
            if (node is Application application)
            {
                CheckIndices(application, at);
            }
        }
    }

    /// <summary>Checks the indices that are constants.</summary>
    public static void CheckConstantIndices(TopologicalOrder order)
    {
        foreach (var node in order.Nodes)
        {
            if (node is Application application
                && application.Primitive.Indices(application) is (var operand, var extent)
                && application.Input(operand) is Constant constant)
            {
                IndexOutsideException.Check(constant.Value.Values, extent, application.Primitive.Name, "the constant");
            }
        }
    }

    /// <summary>The variables that are used as indices, each with the number that its entries must stay below.</summary>
    public static List<(Variable Variable, int Extent, string Operation)> VariableIndices(TopologicalOrder order)
    {
        var found = new List<(Variable, int, string)>();
        foreach (var node in order.Nodes)
        {
            if (node is Application application
                && application.Primitive.Indices(application) is (var operand, var extent)
                && application.Input(operand) is Variable variable)
            {
                found.Add((variable, extent, application.Primitive.Name));
            }
        }

        return found;
    }

    // Indices that are computed can only be checked once they are known; these are known now.
    private static void CheckIndices<T>(Application application, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (application.Primitive.Indices(application) is not (var operand, var extent))
        {
            return;
        }

        var indices = application.Input(operand);
        if (indices is Variable variable)
        {
            IndexOutsideException.Check(at[variable].Values, extent, application.Primitive.Name, variable.Name);
        }
        else if (indices is Constant constant)
        {
            IndexOutsideException.Check(constant.Value.Values, extent, application.Primitive.Name, "the constant");
        }
    }
}
