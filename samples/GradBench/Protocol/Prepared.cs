namespace FunctionalGrad.Samples.GradBench;

/// <summary>Compiles what a request needs before anything is timed.</summary>
internal static class Prepared
{
    /// <summary>
    /// Compiles expressions to machine code and runs it once on zeros, so that it is loaded and its memory is there. Neither
    /// depends on the numbers of the request: nothing of the answer is known before the time is taken.
    /// </summary>
    public static CompiledFunction<double> Compile(params Expr[] expressions)
    {
        var function = expressions.Compile<double>(CodeGeneration.Always);
        function.Invoke(Point.Of<double>([.. function.Variables.Select(variable => (variable, Tensor.Full(variable.Shape, 0.0)))]));
        return function;
    }
}
