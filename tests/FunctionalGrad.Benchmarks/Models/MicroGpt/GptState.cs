using System.Numerics;

namespace FunctionalGrad.Benchmarks;

/// <summary>Parameters and Adam's moments as arrays, in the order of the model's parameters.</summary>
internal sealed class GptState<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private GptState(T[][] parameters, T[][] means, T[][] squares) => (Parameters, Means, Squares) = (parameters, means, squares);

    public T[][] Parameters { get; }

    public T[][] Means { get; }

    public T[][] Squares { get; }

    public static GptState<T> Start() => new(
        [.. GptSetup.Model.Parameters.Select(parameter => GptSetup.Start[parameter].To<T>().ToArray())], Zeros(), Zeros());

    public GptState<T> Copy() => new(CopyOf(Parameters), CopyOf(Means), CopyOf(Squares));

    /// <summary>Arrays of the parameters' sizes.</summary>
    public static T[][] Zeros() => [.. GptSetup.Model.Parameters.Select(parameter => new T[parameter.Shape.Size])];

    private static T[][] CopyOf(T[][] arrays) => [.. arrays.Select(array => array.ToArray())];
}
