using System.Numerics;

namespace FunctionalGrad.Learning;

/// <summary>A loss with its gradient by the parameters, made once and evaluated at many points.</summary>
internal sealed class Objective<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Variable[] _parameters;
    private readonly Expr[] _outputs;
    private readonly TopologicalOrder _order;

    private Objective(Variable[] parameters, Expr[] outputs)
    {
        _parameters = parameters;
        _outputs = outputs;
        _order = TopologicalOrder.Of(outputs);
    }

    public static Objective<T> Of(Expr loss, Point<T> parameters)
    {
        Variable[] variables = [.. parameters.Variables];
        return new(variables, [loss, .. loss.Gradient(variables).Values]);
    }

    /// <summary>The loss and its gradient by the parameters.</summary>
    /// <exception cref="ArgumentException">The data assigns a parameter.</exception>
    public (T Loss, GradientMap<Tensor<T>> Gradient) At(Point<T> parameters, Point<T> data)
    {
        foreach (var variable in data.Variables)
        {
            if (parameters.ContainsKey(variable))
            {
                throw new ArgumentException(
                    $"training: the batch assigns {variable.Name}, which is a parameter; a batch may assign only the other variables of the loss", nameof(data));
            }
        }

        var values = Interpreter<T>.Evaluate(_order, _outputs, parameters.With(data));
        var gradient = new (Variable, Tensor<T>)[_parameters.Length];
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (_parameters[i], values[i + 1]);
        }

        return (values[0].ToScalar(), GradientMap<Tensor<T>>.Of(gradient));
    }
}
