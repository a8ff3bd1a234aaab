using System.Collections.Immutable;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Expressions made into a program for one precision: elementwise chains run as loops over vector registers, products and
/// sums as kernels, and what only rearranges costs nothing. Immutable; any number of threads may call it at once. It agrees
/// with the <see cref="Interpreter{T}"/>, which is its specification: bit for bit in + − × ÷ √ and choices, within a few
/// units in the last place in other functions, and within rounding of the terms in sums and products. Large steps are shared
/// out among the cores, which changes no bit; how many take part is up to the task scheduler that a call runs on.
/// </summary>
/// <remarks>
/// To keep a call to one thread, run it where one task runs at a time:
/// <c>Task.Factory.StartNew(work, default, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler)</c>.
/// </remarks>
/// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
/// <example><code>
/// var x = Expr.Variable("x", [3]);
/// var f = x.Square().Sum().Compile&lt;double&gt;();
/// f.Invoke(Point.Of((x, Tensor.Of(1.0, 2.0, 3.0))))[0];      // 14
/// </code></example>
[DebuggerDisplay("{DebuggerView,nq}")]
public sealed class CompiledFunction<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly CompiledProgram<T> _program;
    private readonly Variable[] _ofProgram;
    private readonly (Variable Variable, int Slot)[] _inputs;

    // Where in a point the variables are: only ever replaced whole, and any one of them is right for its keys.
    private Known? _known;

    internal CompiledFunction(ReadOnlySpan<Expr> expressions, CodeGeneration generation)
    {
        Expressions = [.. expressions];
        var order = TopologicalOrder.Of(expressions);
        Bindings = Bindings.Of(order).WithConstantsChecked();
        ReadOnlySpan<Expr> values = DerivativeOverride.Dropped(order, expressions);
        var simplified = CompiledProgram<T>.Simplified(values);
        var form = new GraphForm(simplified);
        _program = CompiledProgram<T>.Of(form, simplified, generation);
        _ofProgram = [.. form.Order.Variables];
        _inputs = Array.ConvertAll(_program.Inputs, input => (_ofProgram[input.Variable], input.Slot));
    }

    /// <summary>The variables that a point must assign.</summary>
    public ImmutableArray<Variable> Variables => Bindings.Variables;

    /// <summary>How many bytes of memory a call works in, besides what it is given and what it returns.</summary>
    public long WorkingBytes => (long)_program.WorkingSize * Unsafe.SizeOf<T>();

    /// <summary>The values of the expressions at a point, in their order.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable; found before any work.</exception>
    /// <exception cref="IndexOutsideException">An index is not whole or out of range.</exception>
    public ImmutableArray<Tensor<T>> Invoke(Point<T> at)
    {
        ArgumentNullException.ThrowIfNull(at);
        var places = PlacesIn(at);
        Bindings.CheckIndices(at);
        return ImmutableCollectionsMarshal.AsImmutableArray(_program.Run(at.Array, places));
    }

    /// <summary>The program as text: its memory, its steps, what each reads and writes, arithmetic operations and bytes.</summary>
    public override string ToString() => ProgramListing.Of(_program.Lowered, _program.Plan, _ofProgram, Unsafe.SizeOf<T>());

    // The listing of a large program is long: it is for those who ask for it.
    private string DebuggerView => DebuggerText.Of(
        $"compiled for {typeof(T).Name}: {Variables.Length} variables to {Expressions.Length} results in {_program.Lowered.Steps.Count} steps and {WorkingBytes:N0} bytes; {Expressions[0]}");

    /// <summary>What was compiled: the specification, to run again where a result wants explaining.</summary>
    internal ImmutableArray<Expr> Expressions { get; }

    /// <summary>Where the variables of the program come in.</summary>
    internal ReadOnlySpan<(Variable Variable, int Slot)> Inputs => _inputs;

    internal CompiledProgram<T> Program => _program;

    internal Bindings Bindings { get; }

    // Points that differ in values alone share their keys, so what was found for the last one mostly holds.
    private int[] PlacesIn(Point<T> at) => _known is { } known && ReferenceEquals(known.Keys, at.Keys) ? known.Places : FindPlaces(at);

    // Apart from the common case, which it would burden with an object for what the function below refers to.
    private int[] FindPlaces(Point<T> at)
    {
        Bindings.CheckVariables(at);
        var known = new Known(at.Keys, Array.ConvertAll(_inputs, input => at.Keys.Find(input.Variable, "the point")));
        _known = known;
        return known.Places;
    }

    private sealed record Known(VariableKeys Keys, int[] Places);
}
