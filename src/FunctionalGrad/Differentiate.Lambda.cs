using System.Linq.Expressions;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Functions that are written as plain lambdas over numbers.</content>
public static partial class Differentiate
{
    /// <summary>Reads a lambda over one number, for its derivatives as plain delegates.</summary>
    /// <remarks>
    /// What the lambda may hold: arithmetic, comparisons and conditions, <c>?:</c> (a choice: the branch that is not taken
    /// contributes nothing), the functions of <see cref="MathFunctions"/>, conversions between types of numbers, arrays with
    /// known indices, other lambdas that are held as expressions (<c>g.Compile()(x)</c>), and functions made by this method
    /// (<c>f.Value(x)</c>, <c>f.Derivative(x)</c>). Everything that does not depend on the arguments, captured variables, fields
    /// and calls among it, is evaluated once, when the lambda is read: a variable that is changed later changes nothing here.
    /// An expression has no precision, so a conversion between <see cref="float"/> and <see cref="double"/> does nothing, and
    /// one to a whole number drops what stands behind the point.
    /// </remarks>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="lambda">The function.</param>
    /// <exception cref="UnreadableExpressionException">A part of the lambda has no form as an expression: the message names it, and says what to do.</exception>
    /// <example><code>
    /// var rate = 0.5;
    /// var f = Differentiate.Lambda((double x) => x > 0 ? Math.Sqrt(x) : rate * x);
    /// f.Derivative(4);        // 0.25
    /// f.Derivative(-1);       // 0.5
    /// </code></example>
    public static LambdaFunction<T> Lambda<T>(Expression<Func<T, T>> lambda)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(lambda);

    /// <summary>Reads a lambda over two numbers, for its derivatives as plain delegates. See <see cref="Lambda{T}(Expression{Func{T, T}})"/>.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="lambda">The function.</param>
    /// <exception cref="UnreadableExpressionException">A part of the lambda has no form as an expression.</exception>
    /// <example><code>
    /// var f = Differentiate.Lambda((double x, double y) => Math.Sin(x * y) + x * x);
    /// f.Gradient(1, 0);             // (2, 1)
    /// f.Expression;                 // sin(x · y) + x · x
    /// Func&lt;float, float, float> single = Differentiate.Lambda((float x, float y) => MathF.Max(x, y)).Value;
    /// single(1, 2);                 // 2
    /// </code></example>
    public static LambdaFunction<Func<T, T, T>, Func<T, T, (T ByX, T ByY)>, Func<T, T, (T Value, (T ByX, T ByY) Gradient)>, Func<T, T, Tensor<T>>>
        Lambda<T>(Expression<Func<T, T, T>> lambda)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(lambda);

    /// <summary>Reads a lambda over three numbers, for its derivatives as plain delegates. See <see cref="Lambda{T}(Expression{Func{T, T}})"/>.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="lambda">The function.</param>
    /// <exception cref="UnreadableExpressionException">A part of the lambda has no form as an expression.</exception>
    public static LambdaFunction<Func<T, T, T, T>, Func<T, T, T, (T ByX, T ByY, T ByZ)>, Func<T, T, T, (T Value, (T ByX, T ByY, T ByZ) Gradient)>, Func<T, T, T, Tensor<T>>>
        Lambda<T>(Expression<Func<T, T, T, T>> lambda)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(lambda);

    /// <summary>Reads a lambda over four numbers, for its derivatives as plain delegates. See <see cref="Lambda{T}(Expression{Func{T, T}})"/>.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="lambda">The function.</param>
    /// <exception cref="UnreadableExpressionException">A part of the lambda has no form as an expression.</exception>
    public static LambdaFunction<Func<T, T, T, T, T>, Func<T, T, T, T, (T, T, T, T)>, Func<T, T, T, T, (T Value, (T, T, T, T) Gradient)>, Func<T, T, T, T, Tensor<T>>>
        Lambda<T>(Expression<Func<T, T, T, T, T>> lambda)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(lambda);

    /// <summary>Reads a lambda over five numbers, for its derivatives as plain delegates. See <see cref="Lambda{T}(Expression{Func{T, T}})"/>.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="lambda">The function.</param>
    /// <exception cref="UnreadableExpressionException">A part of the lambda has no form as an expression.</exception>
    public static LambdaFunction<Func<T, T, T, T, T, T>, Func<T, T, T, T, T, (T, T, T, T, T)>, Func<T, T, T, T, T, (T Value, (T, T, T, T, T) Gradient)>, Func<T, T, T, T, T, Tensor<T>>>
        Lambda<T>(Expression<Func<T, T, T, T, T, T>> lambda)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(lambda);

    /// <summary>Reads a lambda over six numbers, for its derivatives as plain delegates. See <see cref="Lambda{T}(Expression{Func{T, T}})"/>.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="lambda">The function.</param>
    /// <exception cref="UnreadableExpressionException">A part of the lambda has no form as an expression.</exception>
    public static LambdaFunction<Func<T, T, T, T, T, T, T>, Func<T, T, T, T, T, T, (T, T, T, T, T, T)>, Func<T, T, T, T, T, T, (T Value, (T, T, T, T, T, T) Gradient)>, Func<T, T, T, T, T, T, Tensor<T>>>
        Lambda<T>(Expression<Func<T, T, T, T, T, T, T>> lambda)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(lambda);

    /// <summary>
    /// Reads a lambda over an array of numbers, for its derivatives as plain delegates. The array has a length that is known
    /// here, so that <c>x.Length</c> is a number; the delegates want arrays of as many numbers, and do not keep them.
    /// </summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="length">How many numbers the array has.</param>
    /// <param name="lambda">The function; indices must not depend on entries of the array.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    /// <exception cref="UnreadableExpressionException">A part of the lambda has no form as an expression.</exception>
    /// <example><code>
    /// var f = Differentiate.Lambda(3, (double[] x) => x[0] * x[1] + x[x.Length - 1]);
    /// f.Value([2, 3, 4]);           // 10
    /// f.Gradient([2, 3, 4]);        // [3, 2, 1]
    /// </code></example>
    public static LambdaFunction<Func<T[], T>, Func<T[], Tensor<T>>, Func<T[], (T Value, Tensor<T> Gradient)>, Func<T[], Tensor<T>>>
        Lambda<T>(int length, Expression<Func<T[], T>> lambda)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(lambda, length);
}
