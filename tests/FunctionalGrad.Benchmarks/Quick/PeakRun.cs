using System.Numerics;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// How near a square matrix product comes to what one core can do at most: as many multiplications and additions in
/// registers alone, measured in turns with it.
/// </summary>
internal static class PeakRun
{
    private const int Rounds = 25;
    private static readonly TimeSpan OfRound = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan WarmingUp = TimeSpan.FromSeconds(0.3);

    /// <summary>Prints the table.</summary>
    /// <param name="timing">Which time.</param>
    public static void Print(Timing timing)
    {
        var table = new Table("matrix product, on one core", "GFlop/s", "new arrays", "at most", "%", "new arrays %");
        foreach (var size in MatrixProduct.Sizes.Where(size => size >= 64))
        {
            table.Line($"{size:N0}, double", () => OnOneThread(() => SharesOf<double>(timing, size)));
            table.Line($"{size:N0}, single", () => OnOneThread(() => SharesOf<float>(timing, size)));
        }
    }

    // Where one task runs at a time, a call stays on its thread.
    private static string[] OnOneThread(Func<string[]> measure) => Task.Factory
        .StartNew(measure, default, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).GetAwaiter().GetResult();

    private static string[] SharesOf<T>(Timing timing, int size)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (x, y, z) = (Expr.Variable("x", [size, size]), Expr.Variable("y", [size, size]), Expr.Variable("z", [size, size]));
        var compiled = x.MatMul(y).Compile<T>();
        var at = Point.Of(
            (x, Tensor.Of<double>(x.Shape, Numbers.Between(-1, 1, size * size, seed: 1))),
            (y, Tensor.Of<double>(y.Shape, Numbers.Between(-1, 1, size * size, seed: 2)))).To<T>();
        var work = (long)size * size * size;
        var (product, call, peak) = (new double[Rounds], new double[Rounds], new double[Rounds]);

        // The steps of a fold write over the same two arrays; a call returns a new one, which the machine must find memory for.
        CompiledFold.Run(Point.Of((z, Tensor.Of<double>(z.Shape, new double[size * size]))).To<T>(), Steps());
        return [Speed(product), Speed(call), Speed(peak), Share(product), Share(call)];

        IEnumerable<FoldStep<T>> Steps()
        {
            var step = new FoldStep<T>(compiled, at);
            var (calls, begin, sum) = (0, timing.Now, T.Zero);
            for (; calls < 40 || timing.Now - begin < WarmingUp; calls++)
            {
                yield return step;
                _ = compiled.Invoke(at);
                sum += Registers.MultiplyAdd<T>(work);
            }

            var count = Math.Max(1, (int)(calls * (OfRound / (timing.Now - begin))));
            Thread.Sleep(WarmingUp);
            for (var round = -1; round < Rounds; round++)
            {
                var start = timing.Now;
                for (var i = 0; i < count; i++)
                {
                    yield return step;
                }

                var (stepped, first) = ((timing.Now - start) / count, timing.Now);
                for (var i = 0; i < count; i++)
                {
                    sum += Registers.MultiplyAdd<T>(work);
                }

                var (most, second) = ((timing.Now - first) / count, timing.Now);
                for (var i = 0; i < count; i++)
                {
                    _ = compiled.Invoke(at);
                }

                // What is compiled at last in the first of the rounds does not count.
                if (round >= 0)
                {
                    (product[round], peak[round], call[round]) = (stepped.TotalMicroseconds, most.TotalMicroseconds, ((timing.Now - second) / count).TotalMicroseconds);
                }
            }

            // What nobody uses would not be computed.
            GC.KeepAlive(sum);
        }

        string Speed(double[] microseconds) => QuickRun.Number(2e-3 * work / Timing.Median(microseconds));

        // The two times of a round were taken side by side.
        string Share(double[] microseconds) => QuickRun.Number(100 * Timing.Median(peak.Zip(microseconds, (least, time) => least / time)));
    }
}
