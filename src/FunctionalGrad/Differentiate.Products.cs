using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Products with derivatives, which cost a small multiple of the function itself: J·v, Jᵀ·w and H·v.</content>
public static partial class Differentiate
{
    /// <summary>
    /// The pushforward (Jacobian-vector product) of a function: from an argument and its tangent v to the value and the
    /// value's tangent J·v. Forward mode.
    /// </summary>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <example><code>
    /// var push = Differentiate.Pushforward(x => x * x);
    /// push(Tensor.Of(1.0, 2.0), Tensor.Of(1.0, 0.5)).Tangent.Evaluate();      // [2, 2]
    /// </code></example>
    public static Func<Expr, Expr, (Expr Value, Expr Tangent)> Pushforward(Func<Expr, Expr> function)
    {
        var push = Pushforward(OfOne(function));
        return (x, tangent) => push([x], [tangent]);
    }

    /// <summary>The pushforward of a function of several arguments, each with a tangent.</summary>
    /// <param name="function">A function of any shapes to any shape.</param>
    public static Func<ImmutableArray<Expr>, ImmutableArray<Expr>, (Expr Value, Expr Tangent)> Pushforward(
        Func<ImmutableArray<Expr>, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (arguments, tangents) =>
        {
            var traced = Trace(function, arguments);
            var tangent = traced.Value.Pushforward(Components(traced.Arguments, tangents, "pushforward"));
            return traced.At(arguments.AsSpan(), [traced.Value, tangent]) is [var value, var moved] ? (value, moved) : default;
        };
    }

    /// <summary>The value of a function at a point, and its tangent J·v.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <param name="at">Where.</param>
    /// <param name="tangent">The direction v, of the point's shape.</param>
    /// <exception cref="ShapeException">The tangent has another shape than the point.</exception>
    public static (Tensor<T> Value, Tensor<T> Tangent) Pushforward<T>(Func<Expr, Expr> function, Tensor<T> at, Tensor<T> tangent)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(tangent);
        var traced = Traced.Of(OfOne(function), [at.Shape]);
        var direction = Expr.Variable("v", tangent.Shape);
        var moved = traced.Value.Pushforward(Components(traced.Arguments, [direction], "pushforward"));
        var values = Interpreter<T>.Evaluate([traced.Value, moved], traced.Point([at]).With(direction, tangent));
        return (values[0], values[1]);
    }

    /// <summary>
    /// The pullback (vector-Jacobian product) of a function: from an argument to the value and the linear map
    /// w ↦ Jᵀ·w, which takes a cotangent of the value to one of the argument. Reverse mode.
    /// </summary>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <example><code>
    /// var (value, pull) = Differentiate.Pullback(x => x * x)(Tensor.Of(1.0, 2.0));
    /// value.Evaluate();                          // [1, 4]
    /// pull(Tensor.Of(1.0, 10.0)).Evaluate();     // [2, 40]
    /// </code></example>
    public static Func<Expr, (Expr Value, Func<Expr, Expr> Pull)> Pullback(Func<Expr, Expr> function)
    {
        var pullback = Pullback(OfOne(function));
        return x => pullback([x]) is var (value, pull) ? (value, w => pull(w)[0]) : default;
    }

    /// <summary>The pullback of a function of several arguments, to each of them.</summary>
    /// <param name="function">A function of any shapes to any shape.</param>
    public static Func<ImmutableArray<Expr>, (Expr Value, Func<Expr, ImmutableArray<Expr>> Pull)> Pullback(
        Func<ImmutableArray<Expr>, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return arguments =>
        {
            var traced = Trace(function, arguments);
            var cotangent = Expr.Variable("w", traced.Value.Shape);
            var pulled = traced.Value.Pullback(cotangent, traced.Arguments.AsSpan());
            var results = traced.At(arguments.AsSpan(), [traced.Value, .. pulled.Values]);
            return (results[0], w => [.. Rewriting.Rewrite(results.AsSpan(1), node => ReferenceEquals(node, cotangent) ? w : node)]);
        };
    }

    /// <summary>The value of a function at a point, and Jᵀ·w for a cotangent w of the value.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <param name="at">Where.</param>
    /// <param name="cotangent">The cotangent w, of the value's shape.</param>
    /// <exception cref="ShapeException">The cotangent has another shape than the value.</exception>
    public static (Tensor<T> Value, Tensor<T> Cotangent) Pullback<T>(Func<Expr, Expr> function, Tensor<T> at, Tensor<T> cotangent)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(cotangent);
        var traced = Traced.Of(OfOne(function), [at.Shape]);
        var weight = Expr.Variable("w", cotangent.Shape);
        var pulled = traced.Value.Pullback(weight, traced.Arguments.AsSpan()).Values[0];
        var values = Interpreter<T>.Evaluate([traced.Value, pulled], traced.Point([at]).With(weight, cotangent));
        return (values[0], values[1]);
    }

    /// <summary>The product H·v of the Hessian with a vector, without forming H. Forward over reverse.</summary>
    /// <param name="function">A function with a scalar value.</param>
    /// <returns>From an argument and a vector of its shape to H·v.</returns>
    /// <example><code>
    /// var product = Differentiate.HessianVectorProduct(x => (x * x * x).Sum());
    /// product(Tensor.Of(1.0, 2.0), Tensor.Of(1.0, 1.0)).Evaluate();      // [6, 12]
    /// </code></example>
    public static Func<Expr, Expr, Expr> HessianVectorProduct(Func<Expr, Expr> function)
    {
        var product = HessianVectorProduct(OfOne(function));
        return (x, vector) => product([x], [vector])[0];
    }

    /// <summary>The product H·v for a function of several arguments, with a vector for each.</summary>
    /// <param name="function">A function with a scalar value.</param>
    public static Func<ImmutableArray<Expr>, ImmutableArray<Expr>, ImmutableArray<Expr>> HessianVectorProduct(
        Func<ImmutableArray<Expr>, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (arguments, vectors) =>
        {
            var traced = Trace(function, arguments);
            var product = traced.Value.HessianVectorProduct(Components(traced.Arguments, vectors, "Hessian-vector product"));
            return [.. traced.At(arguments.AsSpan(), product.Values)];
        };
    }

    /// <summary>The product H·v of the Hessian at a point with a vector.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">Where.</param>
    /// <param name="vector">The vector v, of the point's shape.</param>
    /// <exception cref="ShapeException">The value is not a scalar, or the vector has another shape than the point.</exception>
    public static Tensor<T> HessianVectorProduct<T>(Func<Expr, Expr> function, Tensor<T> at, Tensor<T> vector)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(vector);
        var traced = Traced.Of(OfOne(function), [at.Shape]);
        var direction = Expr.Variable("v", vector.Shape);
        var product = traced.Value.HessianVectorProduct(Components(traced.Arguments, [direction], "Hessian-vector product"));
        return product.Values[0].Evaluate(traced.Point([at]).With(direction, vector));
    }

    private static GradientMap<Expr> Components(ImmutableArray<Variable> arguments, ImmutableArray<Expr> components, string operation)
    {
        if (arguments.Length != components.Length)
        {
            throw new ShapeException($"{operation}: {arguments.Length} arguments with {components.Length} directions; give one for each argument");
        }

        var entries = new (Variable, Expr)[arguments.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = arguments[i].Shape == components[i].Shape
                ? (arguments[i], components[i])
                : throw new ShapeException(
                    $"{operation}: argument {i} has shape {arguments[i].Shape} and its direction {components[i].Shape}; a direction has the shape of what it moves");
        }

        return GradientMap<Expr>.Of(entries);
    }
}
