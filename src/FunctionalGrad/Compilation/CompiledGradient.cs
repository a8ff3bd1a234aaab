using System.Collections.Immutable;
using System.Diagnostics;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>A scalar expression and its gradient, compiled together, so that what they share is computed once.</summary>
/// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
/// <example><code>
/// var w = Expr.Variable("w");
/// var loss = (w * 3 - 3).Square();
/// var compiled = loss.CompileWithGradient&lt;double&gt;();
/// compiled.Invoke(Point.Of((w, 2.0))).Value;           // 9
/// compiled.Invoke(Point.Of((w, 2.0))).Gradient;        // { w ↦ 18 }
/// </code></example>
[DebuggerDisplay("{DebuggerView,nq}")]
public sealed class CompiledGradient<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly CompiledFunction<T> _function;
    private readonly VariableKeys _keys;

    internal CompiledGradient(Expr value, GradientMap<Expr> gradient)
    {
        ImmutableArray<Expr> both = [value, .. gradient.Values];
        _function = new(both.AsSpan(), CodeGeneration.Automatic);
        _keys = gradient.Keys;
    }

    /// <summary>How many bytes of memory a call works in, besides what it is given and what it returns.</summary>
    public long WorkingBytes => _function.WorkingBytes;

    /// <summary>The value and the gradient at a point.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable; found before any work.</exception>
    public (T Value, GradientMap<Tensor<T>> Gradient) Invoke(Point<T> at)
    {
        var values = _function.Invoke(at);
        return (values[0].ToScalar(), new(_keys, [.. values.AsSpan()[1..]]));
    }

    private string DebuggerView => DebuggerText.Of(
        $"compiled for {typeof(T).Name}, with the gradient by {_keys.Names()}: {Differentiated.Value}");

    /// <summary>The expression that was compiled, and what it was differentiated by.</summary>
    internal (Expr Value, VariableKeys Keys) Differentiated => (_function.Expressions[0], _keys);

    /// <summary>The program as text.</summary>
    public override string ToString() => _function.ToString();
}
