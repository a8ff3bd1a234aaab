using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.ExceptionServices;

namespace FunctionalGrad;

/// <summary>
/// Gradients of a sum over parts of the data, the parts shared out among cores: gradients of parts add up,
/// ∇Σℓᵢ = Σ∇ℓᵢ.
/// </summary>
public static class DataParallel
{
    /// <summary>
    /// The sum over some parts of a value and of its gradient. They are added two by two, neighbours first, whoever computed
    /// them: the result depends on the parts and their order, and not by a bit on the number of workers.
    /// </summary>
    /// <typeparam name="TPart">What tells one part from another, such as a point.</typeparam>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A pure function from a part to a value and its gradient; several threads call it at once.</param>
    /// <param name="parts">The parts; of none, the sum is zero.</param>
    /// <param name="workers">How many threads compute, 1 or more; as many as there are cores where none is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no worker.</exception>
    /// <remarks>Where the function throws for some parts, the exception of the first of them is thrown.</remarks>
    /// <example><code>
    /// var (w, x) = (Expr.Variable("w"), Expr.Variable("x"));
    /// var compiled = (w * x).Square().CompileWithGradient&lt;double>(w);
    /// ImmutableArray&lt;Point&lt;double>> points = [Point.Of((w, 0.5), (x, 1.0)), Point.Of((w, 0.5), (x, 2.0)), Point.Of((w, 0.5), (x, 3.0))];
    /// DataParallel.Gradient(compiled.Invoke, points).Value;                     // 3.5
    /// DataParallel.Gradient(compiled.Invoke, points, workers: 2).Gradient;      // { w ↦ 14 }
    /// </code></example>
    public static (T Value, GradientMap<Tensor<T>> Gradient) Gradient<TPart, T>(
        Func<TPart, (T Value, GradientMap<Tensor<T>> Gradient)> function, ImmutableArray<TPart> parts, int? workers = null)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        var threads = workers ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads, nameof(workers));
        if (parts.IsDefaultOrEmpty)
        {
            return (T.Zero, GradientMap<Tensor<T>>.Zero);
        }

        var tree = new ReductionTree<Term<T>>(parts.Length, static (a, b) => new(a.Value + b.Value, a.Gradient + b.Gradient));
        ForEach(parts.Length, Math.Min(threads, parts.Length), part =>
        {
            var (value, gradient) = function(parts[part]);
            tree.Add(part, new(value, gradient));
        });
        return (tree.Sum!.Value, tree.Sum.Gradient);
    }

    // Whoever is free takes the next part. One that fails is the last to be handed out, so all before it are finished, and
    // the first failure is the same however many threads there are.
    private static void ForEach(int parts, int threads, Action<int> action)
    {
        var failures = new ConcurrentBag<(int Part, ExceptionDispatchInfo Problem)>();
        var taken = 0;
        var others = new Task[threads - 1];
        for (var i = 0; i < others.Length; i++)
        {
            others[i] = Task.Run(Work);
        }

        Work();
        Task.WaitAll(others);
        if (!failures.IsEmpty)
        {
            failures.MinBy(failure => failure.Part).Problem.Throw();
        }

        void Work()
        {
            for (int part; (part = Interlocked.Increment(ref taken) - 1) < parts;)
            {
                try
                {
                    action(part);
                }
                catch (Exception problem)
                {
                    failures.Add((part, ExceptionDispatchInfo.Capture(problem)));
                    Interlocked.Exchange(ref taken, parts);
                }
            }
        }
    }

    private sealed record Term<T>(T Value, GradientMap<Tensor<T>> Gradient)
        where T : struct, IBinaryFloatingPointIeee754<T>;
}
