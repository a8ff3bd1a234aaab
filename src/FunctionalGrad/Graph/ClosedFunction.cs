using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// A function as an immutable graph: expressions of ordered parameters and of nothing else. What a primitive holds that runs
/// a graph of its own: the step of a loop, a part that is recomputed, a function with a derivative of its own. Two are equal
/// when they say the same, whatever objects their parameters are, so primitives that hold equal functions are equal.
/// </summary>
/// <remarks>
/// It is made from expressions that may use anything by <see cref="Lift"/>: what does not depend on the parameters stays
/// outside, as further operands of the node ("captured"), so that substituting, differentiating and sharing reach it there.
/// </remarks>
internal sealed class ClosedFunction : IEquatable<ClosedFunction>
{
    private readonly Variable[] _parameters;
    private readonly Expr[] _results;
    private readonly GraphForm _form;

    // Where the parameters stand in the order of the graph, −1 for one that nothing uses: their order is part of the function.
    private readonly int[] _places;

    /// <summary>A function of the given parameters.</summary>
    /// <param name="parameters">The parameters, each once.</param>
    /// <param name="results">Its results, which use no other variables.</param>
    /// <exception cref="ArgumentException">A result uses a variable that is no parameter.</exception>
    public ClosedFunction(ReadOnlySpan<Variable> parameters, ReadOnlySpan<Expr> results)
    {
        (_parameters, _results, _form) = (parameters.ToArray(), results.ToArray(), new(results));
        _places = Array.ConvertAll(_parameters, parameter => Order.Contains(parameter) ? Order.PositionOf(parameter) : -1);
        foreach (var variable in Order.Variables)
        {
            if (!parameters.Contains(variable))
            {
                throw new ArgumentException($"the variable {variable.Name} is no parameter of the function; make it one, or lift it out", nameof(results));
            }
        }
    }

    public ReadOnlySpan<Variable> Parameters => _parameters;

    public ReadOnlySpan<Expr> Results => _results;

    /// <summary>The nodes that the results depend on.</summary>
    public TopologicalOrder Order => _form.Order;

    /// <summary>
    /// Makes functions of expressions that may use anything. The largest parts that do not depend on the function's own
    /// parameters become further parameters, behind its own; constants stay where they are.
    /// </summary>
    /// <param name="own">The function's own parameters.</param>
    /// <param name="results">What it computes.</param>
    /// <returns>The function, and for each further parameter the expression that it stands for.</returns>
    public static (ClosedFunction Function, Expr[] Captured) Lift(ReadOnlySpan<Variable> own, ReadOnlySpan<Expr> results)
    {
        var order = TopologicalOrder.Of(results);
        var depends = order.DependingOn(own);
        var inside = new Expr?[order.Count];
        var captured = new List<Expr>();
        List<Variable> parameters = [.. own];
        for (var i = 0; i < order.Count; i++)
        {
            if (depends[i])
            {
                inside[i] = order.Nodes[i] is Application application ? WithInputsInside(application, i) : order.Nodes[i];
            }
        }

        var lifted = new Expr[results.Length];
        for (var i = 0; i < lifted.Length; i++)
        {
            lifted[i] = Inside(order.PositionOf(results[i]));
        }

        return (new([.. parameters], lifted), [.. captured]);

        Expr WithInputsInside(Application application, int position)
        {
            var inputs = new Expr[application.Inputs.Length];
            for (var k = 0; k < inputs.Length; k++)
            {
                inputs[k] = Inside(order.InputsOf(position)[k]);
            }

            return application.With(inputs);
        }

        // What only repeats entries goes inside: repeated there, it costs nothing, and its derivative is summed at once.
        Expr Inside(int position) => inside[position] ??= order.Nodes[position] switch
        {
            Constant constant => constant,
            Application { Primitive.Notation: Notation.Nothing } repeated => repeated.With(Inside(order.InputsOf(position)[0])),
            var node => Capture(node),
        };

        Variable Capture(Expr node)
        {
            captured.Add(node);
            parameters.Add(Expr.Variable(node is Variable variable ? variable.Name : $"p{captured.Count}", node.Shape));
            return parameters[^1];
        }
    }

    /// <summary>The results, with expressions in place of the parameters.</summary>
    /// <param name="arguments">An expression for each parameter, of its shape.</param>
    public Expr[] At(ReadOnlySpan<Expr> arguments)
    {
        var replacements = new Dictionary<Expr, Expr>(arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            replacements.Add(_parameters[i], arguments[i]);
        }

        return Rewriting.Rewrite(_results, node => replacements.GetValueOrDefault(node, node));
    }

    /// <summary>Whether the function computes what another does, and perhaps more after that.</summary>
    public bool Continues(ClosedFunction other) =>
        _results.Length >= other._results.Length && new ClosedFunction(_parameters, _results.AsSpan(0, other._results.Length)).Equals(other);

    public bool Equals(ClosedFunction? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _places.AsSpan().SequenceEqual(other._places) && _form.Equals(other._form) && SameShapes(other));

    public override bool Equals(object? obj) => Equals(obj as ClosedFunction);

    public override int GetHashCode() => _form.GetHashCode();

    /// <summary>The function as text: <c>(s, x) ↦ s + x</c>.</summary>
    public override string ToString() =>
        $"({string.Join(", ", _parameters.Select(parameter => parameter.Name))}) ↦ {string.Join(", ", _results.AsEnumerable())}";

    private bool SameShapes(ClosedFunction other)
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].Shape != other._parameters[i].Shape)
            {
                return false;
            }
        }

        return true;
    }
}
