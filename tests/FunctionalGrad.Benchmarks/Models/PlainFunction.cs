namespace FunctionalGrad.Benchmarks;

/// <summary>
/// A function of a few numbers as plain delegates, against plain methods written by hand: a thousand points a call, so that
/// what is measured is the arithmetic and the call of a delegate, which both sides take.
/// </summary>
/// <typeparam name="TValue">The delegate of the value.</typeparam>
/// <typeparam name="TGradient">The delegate of the value and the gradient.</typeparam>
internal sealed class PlainFunction<TValue, TGradient>(
    Variable[] variables, Expr function, TGradient byHand, Func<TValue, int, double> value, Func<TGradient, int, double> gradient) : IComparison
    where TValue : Delegate
    where TGradient : Delegate
{
    private Expr[]? _both;
    private TValue? _value;
    private TGradient? _gradient;

    public bool HasTuned => false;

    public int JobsPerCall => 1000;

    public long? WorkingBytes => null;

    public string Listing => string.Join('\n', _both!.Select(expression => expression.ToString()));

    public void Build() => _both = [function, .. function.Gradient(variables).Values];

    public void Compile(CodeGeneration generation)
    {
        if (_both is null)
        {
            Build();
        }

        _value = function.ToDelegate<TValue>(generation, variables);
        _gradient = _both!.ToDelegate<TGradient>(generation, variables);
    }

    public void Check()
    {
        for (var i = 0; i < JobsPerCall; i++)
        {
            Agreement.Require<double>("the delegate", [[gradient(byHand, i)]], [[gradient(_gradient!, i)]]);
        }
    }

    public object Straightforward() => Sum(gradient, byHand);

    public object Tuned() => throw new InvalidOperationException("nothing is tuned here");

    public object Compiled() => Sum(gradient, _gradient!);

    public object FunctionAlone() => Sum(value, _value!);

    private double Sum<TDelegate>(Func<TDelegate, int, double> at, TDelegate function)
    {
        var sum = 0.0;
        for (var i = 0; i < JobsPerCall; i++)
        {
            sum += at(function, i);
        }

        return sum;
    }
}
