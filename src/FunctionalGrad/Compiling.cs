using System.Numerics;

namespace FunctionalGrad;

/// <summary>Compiling expressions into programs.</summary>
public static class Compiling
{
    /// <summary>Compiles an expression.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="expression">The expression.</param>
    /// <param name="generation">Whether machine code is made for it, and when.</param>
    public static CompiledFunction<T> Compile<T>(this Expr expression, CodeGeneration generation = CodeGeneration.Automatic)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new([expression], generation);
    }

    /// <summary>Compiles several expressions together; what they share is computed once.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="expressions">The expressions.</param>
    /// <param name="generation">Whether machine code is made for it, and when.</param>
    public static CompiledFunction<T> Compile<T>(this ReadOnlySpan<Expr> expressions, CodeGeneration generation = CodeGeneration.Automatic)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(expressions, generation);

    /// <summary>Compiles several expressions together; what they share is computed once.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="expressions">The expressions.</param>
    /// <param name="generation">Whether machine code is made for it, and when.</param>
    public static CompiledFunction<T> Compile<T>(this Expr[] expressions, CodeGeneration generation = CodeGeneration.Automatic)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(expressions);
        return new(expressions, generation);
    }

    /// <summary>Compiles a scalar expression together with its gradient by all of its variables.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="expression">A scalar.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static CompiledGradient<T> CompileWithGradient<T>(this Expr expression)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(expression, expression.Gradient());

    /// <summary>Compiles a scalar expression together with its gradient by some variables.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="expression">A scalar.</param>
    /// <param name="variables">What to differentiate by.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static CompiledGradient<T> CompileWithGradient<T>(this Expr expression, params ReadOnlySpan<Variable> variables)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(expression, expression.Gradient(variables));
}
