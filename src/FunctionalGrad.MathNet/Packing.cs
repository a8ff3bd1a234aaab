using System.Collections.Immutable;
using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace FunctionalGrad.Solvers;

/// <summary>Variables laid one after the other into one vector, each in row-major order: what a solver moves.</summary>
internal sealed class Packing(ImmutableArray<Variable> variables)
{
    public ImmutableArray<Variable> Variables => variables;

    public int Size { get; } = variables.Sum(variable => variable.Shape.Size);

    public Point<double> ToPoint(Vector<double> vector)
    {
        var values = vector.ToArray().AsSpan();
        var entries = new (Variable, Tensor<double>)[variables.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var size = variables[i].Shape.Size;
            entries[i] = (variables[i], Tensor.Of(variables[i].Shape, values[..size]));
            values = values[size..];
        }

        return Point<double>.Of(entries);
    }

    public Vector<double> ToVector(Func<Variable, Tensor<double>> valueOf)
    {
        var values = new double[Size];
        var rest = values.AsSpan();
        foreach (var variable in variables)
        {
            valueOf(variable).Values.CopyTo(rest);
            rest = rest[variable.Shape.Size..];
        }

        return Vector<double>.Build.Dense(values);
    }

    /// <summary>How an entry of the vector is called: <c>b</c>, or <c>b[3]</c>.</summary>
    public string NameOf(int entry)
    {
        foreach (var variable in variables)
        {
            var size = variable.Shape.Size;
            if (entry < size)
            {
                return variable.Shape.IsScalar ? variable.Name : $"{variable.Name}[{string.Join(", ", Indices(variable.Shape, entry))}]";
            }

            entry -= size;
        }

        return entry.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The first entry that is not finite, as text; null where all are.</summary>
    public string? NotFinite(Vector<double> vector, string what)
    {
        for (var i = 0; i < vector.Count; i++)
        {
            if (!double.IsFinite(vector[i]))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{what}{NameOf(i)} is {vector[i]}");
            }
        }

        return null;
    }

    private static int[] Indices(Shape shape, int entry)
    {
        var indices = new int[shape.Rank];
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            indices[axis] = entry % shape[axis];
            entry /= shape[axis];
        }

        return indices;
    }
}
