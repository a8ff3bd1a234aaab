using System.Collections.Immutable;
using System.Text.Json;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>A function made ready for one input: what is timed, and how its result is written afterwards.</summary>
internal abstract class Evaluation
{
    /// <summary>An evaluation of any kind.</summary>
    /// <typeparam name="T">What the function returns.</typeparam>
    /// <param name="run">The function, whose every call is timed.</param>
    /// <param name="write">Writes what it returned.</param>
    public static Evaluation Of<T>(Func<T> run, Action<Utf8JsonWriter, T> write) => new Typed<T>(run, write);

    /// <summary>The value of an expression at a point.</summary>
    public static Evaluation Of(Expr expression, Point<double> at) =>
        Of([expression], at, static (writer, results) => writer.Tensor(results[0]));

    /// <summary>The values of several expressions at a point.</summary>
    /// <param name="expressions">The expressions.</param>
    /// <param name="at">Where.</param>
    /// <param name="write">Writes their values.</param>
    public static Evaluation Of(
        Expr[] expressions, Point<double> at, Action<Utf8JsonWriter, ImmutableArray<Tensor<double>>> write)
    {
        var function = Prepared.Compile(expressions);
        return Of(() => function.Invoke(at), write);
    }

    /// <summary>Calls the function; the result of the last call is kept.</summary>
    public abstract void Run();

    /// <summary>Writes the result of the last call.</summary>
    /// <exception cref="RequestException">It has a number that JSON has not.</exception>
    public abstract void Write(Utf8JsonWriter writer);

    private sealed class Typed<T>(Func<T> run, Action<Utf8JsonWriter, T> write) : Evaluation
    {
        private T? _last;

        public override void Run() => _last = run();

        public override void Write(Utf8JsonWriter writer) => write(writer, _last!);
    }
}
