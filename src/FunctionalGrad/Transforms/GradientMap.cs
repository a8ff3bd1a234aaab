using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A gradient: an immutable map from variables to values, and a vector space. Maps add, subtract and scale, and a missing
/// variable counts as zero, so the gradient of a sum is the sum of the gradients. The same type holds symbolic gradients
/// (<see cref="Expr"/>) and numeric ones (<see cref="Tensor{T}"/>).
/// </summary>
/// <typeparam name="TValue">What a variable maps to.</typeparam>
/// <example><code>
/// var w = Expr.Variable("w");
/// var gradient = (w * 3 - 3).Square().Gradient();
/// gradient;                                    // { w ↦ 2 · (w · 3 − 3) · 3 }
/// gradient.Evaluate(Point.Of((w, 2.0)))[w];    // 18
/// </code></example>
[DebuggerDisplay("{DebuggerView,nq}")]
public sealed class GradientMap<TValue> :
    IReadOnlyDictionary<Variable, TValue>,
    IEquatable<GradientMap<TValue>>,
    IAdditionOperators<GradientMap<TValue>, GradientMap<TValue>, GradientMap<TValue>>,
    ISubtractionOperators<GradientMap<TValue>, GradientMap<TValue>, GradientMap<TValue>>,
    IUnaryNegationOperators<GradientMap<TValue>, GradientMap<TValue>>
    where TValue : class, IVector<TValue>
{
    private readonly VariableKeys _keys;
    private readonly TValue[] _values;

    internal GradientMap(VariableKeys keys, TValue[] values)
    {
        _keys = keys;
        _values = values;
    }

    /// <summary>The zero of the vector space: every variable maps to zero.</summary>
    public static GradientMap<TValue> Zero { get; } = new(VariableKeys.None, []);

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <summary>The variables, in the order in which they were asked for or first appear in the expression.</summary>
    public IReadOnlyList<Variable> Variables => _keys.List;

    /// <summary>The values, in the order of <see cref="Variables"/>.</summary>
    public ReadOnlySpan<TValue> Values => _values;

    IEnumerable<Variable> IReadOnlyDictionary<Variable, TValue>.Keys => _keys.List;

    IEnumerable<TValue> IReadOnlyDictionary<Variable, TValue>.Values => _values;

    private string DebuggerView => DebuggerText.Of(ToString());

    internal VariableKeys Keys => _keys;

    /// <summary>The values themselves, for code that reads them and never writes.</summary>
    internal TValue[] Array => _values;

    /// <summary>The derivative by a variable.</summary>
    /// <param name="variable">A variable of the map.</param>
    /// <exception cref="KeyNotFoundException">The variable is not in the map; the message lists those that are.</exception>
    public TValue this[Variable variable] => _values[_keys.Find(variable, "the gradient map")];

    /// <summary>Makes a map from variables and values.</summary>
    /// <param name="entries">The entries, each of its variable's shape.</param>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    /// <exception cref="ShapeException">A value has another shape than its variable.</exception>
    public static GradientMap<TValue> Of(params ReadOnlySpan<(Variable Variable, TValue Value)> entries)
    {
        var variables = new Variable[entries.Length];
        var values = new TValue[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            (variables[i], values[i]) = entries[i];
            ArgumentNullException.ThrowIfNull(variables[i], nameof(entries));
            ArgumentNullException.ThrowIfNull(values[i], nameof(entries));
            RequireShape(variables[i], values[i]);
        }

        return new(VariableKeys.Of(variables, "gradient map"), values);
    }

    /// <summary>The inner product: the sum over the variables of both maps of Σ leftᵢ·rightᵢ.</summary>
    /// <param name="left">A map.</param>
    /// <param name="right">A map.</param>
    public static TValue Dot(GradientMap<TValue> left, GradientMap<TValue> right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        TValue? sum = null;
        foreach (var (variable, value) in left)
        {
            if (right.TryGetValue(variable, out var other))
            {
                var term = TValue.Dot(value, other);
                sum = sum is null ? term : sum + term;
            }
        }

        return sum ?? TValue.Zeros(Shape.Scalar);
    }

    /// <summary>The sum; a variable missing from one map counts as zero there.</summary>
    /// <param name="left">A map.</param>
    /// <param name="right">A map.</param>
    public static GradientMap<TValue> operator +(GradientMap<TValue> left, GradientMap<TValue> right) =>
        Combine(left, right, static (a, b) => a + b, static b => b);

    /// <summary>The difference; a variable missing from one map counts as zero there.</summary>
    /// <param name="left">A map.</param>
    /// <param name="right">A map.</param>
    public static GradientMap<TValue> operator -(GradientMap<TValue> left, GradientMap<TValue> right) =>
        Combine(left, right, static (a, b) => a - b, static b => -b);

    /// <summary>The opposite.</summary>
    /// <param name="map">A map.</param>
    public static GradientMap<TValue> operator -(GradientMap<TValue> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Map(static value => -value);
    }

    /// <summary>The map scaled by a number.</summary>
    /// <param name="scale">The number.</param>
    /// <param name="map">A map.</param>
    public static GradientMap<TValue> operator *(double scale, GradientMap<TValue> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Map(value => scale * value);
    }

    /// <summary>The map with every value replaced by what a function makes of it.</summary>
    /// <typeparam name="TOther">What the values become.</typeparam>
    /// <param name="function">A pure function.</param>
    public GradientMap<TOther> Map<TOther>(Func<TValue, TOther> function)
        where TOther : class, IVector<TOther>
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(_keys, System.Array.ConvertAll(_values, value => function(value)));
    }

    /// <summary>A map over the same variables with other values. It costs no more than the checks of their shapes.</summary>
    /// <param name="values">The values, in the order of <see cref="Variables"/>.</param>
    /// <exception cref="ArgumentException">There are not as many values as variables.</exception>
    /// <exception cref="ShapeException">A value has another shape than its variable.</exception>
    /// <example><code>
    /// var w = Expr.Variable("w");
    /// GradientMap&lt;Tensor&lt;double>>.Of((w, 2.0)).WithValues([3.0]);      // { w ↦ 3 }
    /// </code></example>
    public GradientMap<TValue> WithValues(params ReadOnlySpan<TValue> values)
    {
        if (values.Length != Count)
        {
            throw new ArgumentException(
                $"{values.Length} values for {Count} variables ({_keys.Names()}); give one value for each, in that order", nameof(values));
        }

        for (var i = 0; i < values.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(values[i], nameof(values));
            RequireShape(_keys.Variables[i], values[i]);
        }

        return new(_keys, values.ToArray());
    }

    /// <summary>Whether the map has an entry for a variable.</summary>
    /// <param name="key">The variable.</param>
    public bool ContainsKey(Variable key) => _keys.TryFind(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(Variable key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _keys.TryFind(key, out var position);
        value = found ? _values[position] : null;
        return found;
    }

    /// <summary>Whether both maps have the same variables with equal values, in any order.</summary>
    /// <param name="other">Another map.</param>
    public bool Equals(GradientMap<TValue>? other) =>
        other is not null
        && Count == other.Count
        && this.All(entry => other.TryGetValue(entry.Key, out var value) && entry.Value.Equals(value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GradientMap<TValue>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.Aggregate(0, (hash, entry) => hash ^ HashCode.Combine(entry.Key, entry.Value));

    /// <summary>The entries in braces, abridged when there are many.</summary>
    public override string ToString() => MapText.Of(this);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Variable, TValue>> GetEnumerator()
    {
        for (var i = 0; i < _values.Length; i++)
        {
            yield return new(_keys.List[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void RequireShape(Variable variable, TValue value)
    {
        if (variable.Shape != value.Shape)
        {
            throw new ShapeException($"gradient map: {variable.Name} has shape {variable.Shape} and its value {value.Shape}; they must agree");
        }
    }

    private static GradientMap<TValue> Combine(
        GradientMap<TValue> left, GradientMap<TValue> right, Func<TValue, TValue, TValue> both, Func<TValue, TValue> onlyRight)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var keys = left._keys.Union(right._keys);
        var values = new TValue[keys.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var variable = keys.Variables[i];
            values[i] =
                !right.TryGetValue(variable, out var b) ? left._values[i]
                : i < left.Count ? both(left._values[i], b)
                : onlyRight(b);
        }

        return new(keys, values);
    }
}
