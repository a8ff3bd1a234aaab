using System.Collections.Immutable;
using System.Linq.Expressions;

namespace FunctionalGrad;

/// <summary>
/// A function that was written as a plain lambda over numbers, with its derivatives as plain delegates. Made by
/// <see cref="Differentiate"/>.<c>Lambda</c>. Immutable; any number of threads may use it at once.
/// </summary>
/// <remarks>
/// Each delegate is compiled when it is first asked for. Keep the delegate, not the function, where only numbers are wanted:
/// <c>Func&lt;double, double, double> f = Differentiate.Lambda(…).Value;</c>
/// </remarks>
public abstract class LambdaFunction : IKnownFunction
{
    // A number for each argument, or for each entry of the array that is the argument.
    private readonly ImmutableArray<Variable> _numbers;
    private readonly Expr _value;

    private protected LambdaFunction(LambdaExpression lambda, int? length)
    {
        ArgumentNullException.ThrowIfNull(lambda);
        if (length is { } count)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(length));
            var name = NameOf(lambda.Parameters[0], 0);
            _numbers = [.. Enumerable.Range(0, count).Select(i => Expr.Variable($"{name}[{i}]"))];
            _value = LambdaReader.Read(lambda, [new Meaning.Entries(ImmutableArray<Expr>.CastUp(_numbers))]);
            var vector = Expr.Variable(name, [count]);
            Variables = [vector];
            Expression = OfArguments([_value])[0];
        }
        else
        {
            _numbers = [.. lambda.Parameters.Select((parameter, i) => Expr.Variable(NameOf(parameter, i)))];
            _value = LambdaReader.Read(lambda, [.. _numbers.Select(variable => new Meaning.Number(variable))]);
            (Variables, Expression) = (_numbers, _value);
        }
    }

    /// <summary>The function as an expression of its <see cref="Variables"/>: what everything else of the library works on.</summary>
    public Expr Expression { get; }

    /// <summary>The variable of each argument, in order: scalars, or one vector where the argument is an array.</summary>
    public ImmutableArray<Variable> Variables { get; }

    /// <summary>The function as a formula.</summary>
    public override string ToString() =>
        $"{(Variables is [var only] ? only.Name : $"({string.Join(", ", Variables.Select(variable => variable.Name))})")} ↦ {Expression}";

    Meaning.Graph? IKnownFunction.Member(string name) => name switch
    {
        "Value" => new(_numbers, [_value]),
        "Derivative" => new(_numbers, [Partials()[0]]),
        "SecondDerivative" => new(_numbers, [Second()[0]]),
        "Gradient" => Variables.Length == _numbers.Length ? new(_numbers, [.. Partials()]) : null,
        _ => null,
    };

    /// <summary>A delegate that is made when it is first asked for.</summary>
    private protected Lazy<TDelegate> Made<TDelegate>(Func<Expr[]> roots, params Shape[] tensors)
        where TDelegate : Delegate => new(() =>
        {
            var made = OfArguments(roots());
            return (TDelegate)DelegateMaker.Make(DelegateForm.Of(typeof(TDelegate), Variables.AsSpan(), made, tensors), made, CodeGeneration.Automatic);
        });

    private protected Expr[] Itself() => [_value];

    private protected Expr[] Partials() => [.. _value.Gradient(_numbers.AsSpan()).Values];

    private protected Expr[] WithPartials() => [_value, .. Partials()];

    // The Hessian is symmetric, so an entry below the diagonal is the one above it.
    private protected Expr[] Second()
    {
        var (count, partials) = (_numbers.Length, Partials());
        var entries = new Expr[count * count];
        for (var i = 0; i < count; i++)
        {
            var row = partials[i].Gradient(_numbers.AsSpan()[i..]).Values;
            for (var j = i; j < count; j++)
            {
                (entries[(i * count) + j], entries[(j * count) + i]) = (row[j - i], row[j - i]);
            }
        }

        return entries;
    }

    // The same of the arguments as the caller has them, where the numbers are entries of an array.
    private Expr[] OfArguments(Expr[] expressions)
    {
        if (Variables is not [{ Shape.IsScalar: false } vector])
        {
            return expressions;
        }

        var entries = new Dictionary<Expr, Expr>();
        for (var i = 0; i < _numbers.Length; i++)
        {
            entries.Add(_numbers[i], vector.At(i));
        }

        return Rewriting.Rewrite(expressions, node => entries.GetValueOrDefault(node, node));
    }

    private static string NameOf(ParameterExpression parameter, int index) =>
        string.IsNullOrWhiteSpace(parameter.Name) ? $"x{index + 1}" : parameter.Name;
}

/// <summary>A function of one number, with its derivatives.</summary>
/// <typeparam name="T">The precision.</typeparam>
/// <example><code>
/// var f = Differentiate.Lambda((double x) => Math.Exp(2 * x));
/// f.Value(0);                   // 1
/// f.Derivative(0);              // 2
/// f.SecondDerivative(0);        // 4
/// f.ValueAndDerivative(0);      // (1, 2)
/// f;                            // x ↦ exp(2 · x)
/// </code></example>
public sealed class LambdaFunction<T> : LambdaFunction
    where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    private readonly Lazy<Func<T, T>> _value;
    private readonly Lazy<Func<T, T>> _derivative;
    private readonly Lazy<Func<T, T>> _secondDerivative;
    private readonly Lazy<Func<T, (T, T)>> _valueAndDerivative;

    internal LambdaFunction(LambdaExpression lambda)
        : base(lambda, null)
    {
        _value = Made<Func<T, T>>(Itself);
        _derivative = Made<Func<T, T>>(Partials);
        _secondDerivative = Made<Func<T, T>>(Second);
        _valueAndDerivative = Made<Func<T, (T, T)>>(WithPartials);
    }

    /// <summary>The function.</summary>
    public Func<T, T> Value => _value.Value;

    /// <summary>Its derivative f′.</summary>
    public Func<T, T> Derivative => _derivative.Value;

    /// <summary>Its second derivative f″.</summary>
    public Func<T, T> SecondDerivative => _secondDerivative.Value;

    /// <summary>Both at once; what they share is computed once.</summary>
    public Func<T, (T Value, T Derivative)> ValueAndDerivative => _valueAndDerivative.Value;
}

/// <summary>A function of several numbers, or of an array of numbers, with its derivatives.</summary>
/// <typeparam name="TValue">The delegate of the function.</typeparam>
/// <typeparam name="TGradient">The delegate of its gradient: a tuple with a partial by each argument, or a tensor.</typeparam>
/// <typeparam name="TValueAndGradient">The delegate of both.</typeparam>
/// <typeparam name="THessian">The delegate of its Hessian, a square tensor.</typeparam>
/// <example><code>
/// var f = Differentiate.Lambda((double x, double y) => x * x * y);
/// f.Value(3, 2);                    // 18
/// f.Gradient(3, 2).ByX;             // 12
/// f.Gradient(3, 2);                 // (12, 9)
/// f.ValueAndGradient(3, 2);         // (18, (12, 9))
/// f.Hessian(3, 2);                  // [[4, 6], [6, 0]]
/// </code></example>
public sealed class LambdaFunction<TValue, TGradient, TValueAndGradient, THessian> : LambdaFunction
    where TValue : Delegate
    where TGradient : Delegate
    where TValueAndGradient : Delegate
    where THessian : Delegate
{
    private readonly Lazy<TValue> _value;
    private readonly Lazy<TGradient> _gradient;
    private readonly Lazy<TValueAndGradient> _valueAndGradient;
    private readonly Lazy<THessian> _hessian;

    internal LambdaFunction(LambdaExpression lambda, int? length = null)
        : base(lambda, length)
    {
        var count = length ?? Variables.Length;
        _value = Made<TValue>(Itself);
        _gradient = Made<TGradient>(Partials, [count]);
        _valueAndGradient = Made<TValueAndGradient>(WithPartials, [count]);
        _hessian = Made<THessian>(Second, [count, count]);
    }

    /// <summary>The function.</summary>
    public TValue Value => _value.Value;

    /// <summary>Its gradient: the partial by each argument.</summary>
    public TGradient Gradient => _gradient.Value;

    /// <summary>Both at once; what they share is computed once.</summary>
    public TValueAndGradient ValueAndGradient => _valueAndGradient.Value;

    /// <summary>Its Hessian: entry [i, j] is ∂²f/∂xᵢ∂xⱼ.</summary>
    public THessian Hessian => _hessian.Value;
}
