using System.Numerics;

namespace FunctionalGrad;

/// <content>Products with derivatives of functions of structures: J·v, Jᵀ·w and H·v.</content>
public static partial class Differentiate
{
    /// <summary>The pushforward of a function of a structure: from a structure and a tangent of it to the value and its tangent J·v.</summary>
    /// <typeparam name="TFormula">A structure of expressions.</typeparam>
    /// <param name="function">A function to any shape.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart.</exception>
    /// <example><code>
    /// var push = Differentiate.Pushforward(((Expr X, Expr Y) p) => p.X * p.Y);
    /// push((3.0, 2.0), (1.0, 10.0)).Tangent.Evaluate();      // 32
    /// </code></example>
    public static Func<TFormula, TFormula, (Expr Value, Expr Tangent)> Pushforward<TFormula>(Func<TFormula, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (at, tangent) =>
        {
            var traced = new TracedStructure<TFormula>(function, at);
            var moved = traced.Value.Pushforward(traced.Direction(tangent));
            return traced.At([traced.Value, moved]) is [var value, var pushed] ? (value, pushed) : default;
        };
    }

    /// <summary>The value of a function of a structure and its tangent J·v, in numbers.</summary>
    /// <typeparam name="TFormula">The structure with expressions.</typeparam>
    /// <typeparam name="TNumbers">The structure with tensors or numbers.</typeparam>
    /// <param name="function">A function to any shape.</param>
    /// <param name="at">Where; its precision is that of the computation.</param>
    /// <param name="tangent">The direction v: a structure of the same form and shapes.</param>
    /// <returns>Both have the shape of the value. At kinks the tangent is what the operations there give.</returns>
    /// <exception cref="ParametersException">The types cannot be taken apart, or the form or a shape of the tangent is another.</exception>
    /// <example><code>
    /// var product = ((Expr X, Expr Y) p) => p.X * p.Y;
    /// Differentiate.Pushforward(product, (X: 3.0, Y: 2.0), (X: 1.0, Y: 10.0)).Tangent;      // 32
    /// </code></example>
    public static (Tensor<double> Value, Tensor<double> Tangent) Pushforward<TFormula, TNumbers>(
        Func<TFormula, Expr> function, TNumbers at, TNumbers tangent)
    {
        ArgumentNullException.ThrowIfNull(function);
        var leaves = new Leaves<TFormula, TNumbers, ExpressionLeaves>(at);
        var directions = new Leaves<TFormula, TNumbers, ExpressionLeaves>(at);
        var value = function(leaves.Formula);
        var moved = value.Pushforward(new GradientMap<Expr>(leaves.Keys, [.. directions.Keys.Variables]));
        return leaves.IsSingle ? At<float>() : At<double>();

        (Tensor<double>, Tensor<double>) At<T>()
            where T : struct, IBinaryFloatingPointIeee754<T>
        {
            var numbers = Interpreter<T>.Evaluate(
                [value, moved], leaves.ToPoint<T>(leaves.Read(at)).With(directions.ToPoint<T>(directions.Read(tangent))));
            return (numbers[0].To<double>(), numbers[1].To<double>());
        }
    }

    /// <summary>
    /// The pullback of a function of a structure: from a structure to the value and the linear map w ↦ Jᵀ·w, which takes a
    /// cotangent of the value to a structure of cotangents.
    /// </summary>
    /// <typeparam name="TFormula">A structure of expressions.</typeparam>
    /// <param name="function">A function to any shape.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart.</exception>
    /// <example><code>
    /// var (value, pull) = Differentiate.Pullback(((Expr X, Expr Y) p) => p.X * p.Y)((3.0, 2.0));
    /// pull(10.0).X.Evaluate();      // 20
    /// pull(10.0).Y.Evaluate();      // 30
    /// </code></example>
    public static Func<TFormula, (Expr Value, Func<Expr, TFormula> Pull)> Pullback<TFormula>(Func<TFormula, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return at =>
        {
            var traced = new TracedStructure<TFormula>(function, at);
            var cotangent = Expr.Variable("w", traced.Value.Shape);
            var pulled = traced.Value.Pullback(cotangent, traced.Variables);
            var results = traced.At([traced.Value, .. pulled.Values]);
            return (
                results[0],
                w => traced.Structure(Rewriting.Rewrite(results.AsSpan(1), node => ReferenceEquals(node, cotangent) ? w : node)));
        };
    }

    /// <summary>
    /// The value of a function of a structure, and the linear map w ↦ Jᵀ·w from a cotangent of the value to a structure of
    /// cotangents, in numbers.
    /// </summary>
    /// <typeparam name="TFormula">The structure with expressions.</typeparam>
    /// <typeparam name="TNumbers">The structure with tensors or numbers.</typeparam>
    /// <param name="function">A function to any shape. It is called once, here.</param>
    /// <param name="at">Where; its precision is that of the computation.</param>
    /// <returns>The map takes a tensor of the value's shape, or throws a <see cref="ShapeException"/>; each call evaluates
    /// once. At kinks it is what the operations there give. Safe from any thread.</returns>
    /// <exception cref="ParametersException">The types cannot be taken apart.</exception>
    /// <example><code>
    /// var product = ((Expr X, Expr Y) p) => p.X * p.Y;
    /// var (value, pull) = Differentiate.Pullback(product, (X: 3.0, Y: 2.0));
    /// pull(10.0);      // (20, 30)
    /// </code></example>
    public static (Tensor<double> Value, Func<Tensor<double>, TNumbers> Pull) Pullback<TFormula, TNumbers>(
        Func<TFormula, Expr> function, TNumbers at)
    {
        ArgumentNullException.ThrowIfNull(function);
        var leaves = new Leaves<TFormula, TNumbers, ExpressionLeaves>(at);
        var value = function(leaves.Formula);
        var cotangent = Expr.Variable("w", value.Shape);
        Expr[] pulled = [.. value.Pullback(cotangent, leaves.Keys.Variables).Values];
        return leaves.IsSingle ? At<float>() : At<double>();

        (Tensor<double>, Func<Tensor<double>, TNumbers>) At<T>()
            where T : struct, IBinaryFloatingPointIeee754<T>
        {
            var point = leaves.ToPoint<T>(leaves.Read(at));
            return (
                value.Evaluate(point).To<double>(),
                w =>
                {
                    ArgumentNullException.ThrowIfNull(w);
                    return leaves.Numbers(Interpreter<T>.Evaluate(pulled, point.With(cotangent, w.To<T>())).AsSpan());
                }
            );
        }
    }

    /// <summary>The product H·v of the Hessian of a function of a structure with a vector, which is a structure too.</summary>
    /// <typeparam name="TFormula">A structure of expressions.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart.</exception>
    /// <example><code>
    /// var product = Differentiate.HessianVectorProduct(((Expr X, Expr Y) p) => p.X * p.X * p.Y);
    /// product((3.0, 2.0), (1.0, 0.0)).Y.Evaluate();      // 6
    /// </code></example>
    public static Func<TFormula, TFormula, TFormula> HessianVectorProduct<TFormula>(Func<TFormula, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (at, vector) =>
        {
            var traced = new TracedStructure<TFormula>(function, at);
            var product = traced.Value.HessianVectorProduct(traced.Direction(vector));
            return traced.Structure(traced.At(product.Values));
        };
    }

    /// <summary>The product H·v of the Hessian of a function of a structure with a vector, in numbers.</summary>
    /// <typeparam name="TFormula">The structure with expressions.</typeparam>
    /// <typeparam name="TNumbers">The structure with tensors or numbers.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">Where.</param>
    /// <param name="vector">A structure of the same form.</param>
    /// <exception cref="ParametersException">The types cannot be taken apart, or the forms differ.</exception>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static TNumbers HessianVectorProduct<TFormula, TNumbers>(Func<TFormula, Expr> function, TNumbers at, TNumbers vector)
    {
        ArgumentNullException.ThrowIfNull(function);
        var leaves = new Leaves<TFormula, TNumbers, ExpressionLeaves>(at);
        var directions = new Leaves<TFormula, TNumbers, ExpressionLeaves>(at);
        var value = function(leaves.Formula);
        var product = value.HessianVectorProduct(new GradientMap<Expr>(leaves.Keys, [.. directions.Keys.Variables]));
        return leaves.IsSingle ? At<float>() : At<double>();

        TNumbers At<T>()
            where T : struct, IBinaryFloatingPointIeee754<T> =>
            leaves.Numbers(Interpreter<T>.Evaluate(
                product.Values, leaves.ToPoint<T>(leaves.Read(at)).With(directions.ToPoint<T>(directions.Read(vector)))).AsSpan());
    }
}
