using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A point: an immutable assignment of tensors to variables. A gradient moves it: <c>point - rate * gradient</c> is one
/// step of gradient descent, a new point.
/// </summary>
/// <typeparam name="T">The precision, in which everything evaluated at the point is computed.</typeparam>
/// <example><code>
/// var w = Expr.Variable("w");
/// var at = Point.Of((w, 2.0));
/// Expr loss = (w * 3 - 3).Square();
/// loss.Evaluate(at);                                // 9
/// at - 0.05 * loss.Gradient().Evaluate(at);         // { w ↦ 1.1 }
/// </code></example>
[DebuggerDisplay("{DebuggerView,nq}")]
public sealed class Point<T> : IReadOnlyDictionary<Variable, Tensor<T>>, IEquatable<Point<T>>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // A point is stored as the displacement from the origin, so that its arithmetic is that of maps.
    private readonly GradientMap<Tensor<T>> _values;

    private Point(GradientMap<Tensor<T>> values) => _values = values;

    /// <summary>The point that assigns nothing.</summary>
    public static Point<T> Empty { get; } = new(GradientMap<Tensor<T>>.Zero);

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <summary>The variables, in the order given.</summary>
    public IReadOnlyList<Variable> Variables => _values.Variables;

    IEnumerable<Variable> IReadOnlyDictionary<Variable, Tensor<T>>.Keys => Variables;

    IEnumerable<Tensor<T>> IReadOnlyDictionary<Variable, Tensor<T>>.Values => _values.Values.ToArray();

    /// <summary>The value of a variable.</summary>
    /// <param name="variable">A variable of the point.</param>
    /// <exception cref="KeyNotFoundException">The variable is not in the point; the message lists those that are.</exception>
    public Tensor<T> this[Variable variable] => _values.Values[_values.Keys.Find(variable, "the point")];

    /// <summary>Makes a point from variables and values.</summary>
    /// <param name="entries">The entries, each value of its variable's shape.</param>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    /// <exception cref="ShapeException">A value has another shape than its variable.</exception>
    public static Point<T> Of(params ReadOnlySpan<(Variable Variable, Tensor<T> Value)> entries)
    {
        foreach (var (variable, value) in entries)
        {
            RequireShape(variable, value);
        }

        return new(GradientMap<Tensor<T>>.Of(entries));
    }

    /// <summary>The point moved along a gradient: p + g.</summary>
    /// <param name="point">A point.</param>
    /// <param name="step">A map over variables of the point; the others stay where they are.</param>
    /// <exception cref="KeyNotFoundException">The map has a variable that the point has not.</exception>
    public static Point<T> operator +(Point<T> point, GradientMap<Tensor<T>> step) => new(Checked(point, step)._values + step);

    /// <summary>The point moved against a gradient: p − g.</summary>
    /// <param name="point">A point.</param>
    /// <param name="step">A map over variables of the point; the others stay where they are.</param>
    /// <exception cref="KeyNotFoundException">The map has a variable that the point has not.</exception>
    public static Point<T> operator -(Point<T> point, GradientMap<Tensor<T>> step) => new(Checked(point, step)._values - step);

    /// <summary>The displacement from one point to another.</summary>
    /// <param name="to">A point.</param>
    /// <param name="from">A point over the same variables.</param>
    public static GradientMap<Tensor<T>> operator -(Point<T> to, Point<T> from)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(from);
        return to._values - from._values;
    }

    /// <summary>This point with one variable assigned, added or replaced.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ShapeException">The value has another shape than the variable.</exception>
    public Point<T> With(Variable variable, Tensor<T> value)
    {
        RequireShape(variable, value);
        var keys = _values.Keys.Union(VariableKeys.Of([variable], "point"));
        var values = new Tensor<T>[keys.Count];
        _values.Values.CopyTo(values);
        values[keys.Find(variable, "point")] = value;
        return new(new GradientMap<Tensor<T>>(keys, values));
    }

    /// <summary>This point and another; the other decides where both assign a variable.</summary>
    /// <param name="other">Another point.</param>
    public Point<T> With(Point<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var keys = _values.Keys.Union(other._values.Keys);
        var values = new Tensor<T>[keys.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = other.TryGetValue(keys.Variables[i], out var value) ? value : _values.Values[i];
        }

        return new(new GradientMap<Tensor<T>>(keys, values));
    }

    /// <summary>A point over the same variables with other values. It costs no more than the checks of their shapes.</summary>
    /// <param name="values">The values, in the order of <see cref="Variables"/>.</param>
    /// <exception cref="ArgumentException">There are not as many values as variables.</exception>
    /// <exception cref="ShapeException">A value has another shape than its variable.</exception>
    /// <example><code>
    /// var (x, y) = (Expr.Variable("x"), Expr.Variable("y"));
    /// Point.Of((x, 1.0), (y, 2.0)).WithValues([3.0, 4.0]);      // { x ↦ 3, y ↦ 4 }
    /// </code></example>
    public Point<T> WithValues(params ReadOnlySpan<Tensor<T>> values) => new(_values.WithValues(values));

    /// <summary>The same point in another precision.</summary>
    /// <typeparam name="TOther">The precision wanted.</typeparam>
    public Point<TOther> To<TOther>()
        where TOther : struct, IBinaryFloatingPointIeee754<TOther> => Point<TOther>.FromMap(_values.Map(value => value.To<TOther>()));

    /// <inheritdoc/>
    public bool ContainsKey(Variable key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(Variable key, [MaybeNullWhen(false)] out Tensor<T> value) => _values.TryGetValue(key, out value);

    /// <summary>Whether both points assign equal values to the same variables.</summary>
    /// <param name="other">Another point.</param>
    public bool Equals(Point<T>? other) => other is not null && _values.Equals(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Point<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.GetHashCode();

    /// <summary>The entries in braces, abridged when there are many.</summary>
    public override string ToString() => _values.ToString();

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Variable, Tensor<T>>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string DebuggerView => DebuggerText.Of(ToString());

    internal VariableKeys Keys => _values.Keys;

    internal ReadOnlySpan<Tensor<T>> Values => _values.Values;

    /// <summary>The values themselves, for code that reads them and never writes.</summary>
    internal Tensor<T>[] Array => _values.Array;

    internal static Point<T> FromMap(GradientMap<Tensor<T>> values) => new(values);

    private static void RequireShape(Variable variable, Tensor<T> value)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(value);
        if (variable.Shape != value.Shape)
        {
            throw new ShapeException(
                $"point: the variable {variable.Name} has shape {variable.Shape} and the value given for it {value.Shape}; reshape the value or declare the variable with that shape");
        }
    }

    private static Point<T> Checked(Point<T> point, GradientMap<Tensor<T>> step)
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(step);
        foreach (var variable in step.Variables)
        {
            point._values.Keys.Find(variable, "the point that a gradient should move");
        }

        return point;
    }
}

/// <summary>Makes points.</summary>
public static class Point
{
    /// <summary>A point in double precision; plain numbers stand for scalars.</summary>
    /// <param name="entries">Variables and values.</param>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    /// <exception cref="ShapeException">A value has another shape than its variable.</exception>
    public static Point<double> Of(params ReadOnlySpan<(Variable Variable, Tensor<double> Value)> entries) => Point<double>.Of(entries);

    /// <summary>A point in the precision of the tensors given.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="entries">Variables and values.</param>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    /// <exception cref="ShapeException">A value has another shape than its variable.</exception>
    public static Point<T> Of<T>(params ReadOnlySpan<(Variable Variable, Tensor<T> Value)> entries)
        where T : struct, IBinaryFloatingPointIeee754<T> => Point<T>.Of(entries);
}
