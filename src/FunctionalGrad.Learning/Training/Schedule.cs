namespace FunctionalGrad.Learning;

/// <summary>The learning rate as a pure function of the step.</summary>
/// <param name="step">The step, from 0.</param>
public delegate double Schedule(int step);

/// <summary>Common schedules. Any other is a lambda: <c>step => 0.1 / (1 + step)</c>.</summary>
public static class Schedules
{
    /// <summary>The same rate at every step.</summary>
    /// <param name="rate">The rate, a finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is infinite or NaN.</exception>
    public static Schedule Constant(double rate)
    {
        RequireFinite(rate, nameof(rate));
        return _ => rate;
    }

    /// <summary>
    /// From one rate to another in a straight line: <c>from + (to − from)·step/steps</c>, then <paramref name="to"/> for ever.
    /// </summary>
    /// <param name="from">The rate at step 0.</param>
    /// <param name="to">The rate that step <paramref name="steps"/> would have, one after the last of so many.</param>
    /// <param name="steps">In how many steps, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is infinite or NaN, or there are no steps.</exception>
    /// <example><code>
    /// var rate = Schedules.Linear(from: 1, to: 0, steps: 4);
    /// rate(0);      // 1
    /// rate(3);      // 0.25
    /// </code></example>
    public static Schedule Linear(double from, double to, int steps)
    {
        RequireFinite(from, nameof(from));
        RequireFinite(to, nameof(to));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return step => step < steps ? from + ((to - from) * ((double)step / steps)) : to;
    }

    /// <summary>
    /// From one rate to another along half a cosine wave, slowly at both ends:
    /// <c>to + (from − to)·(1 + cos(π·k/n))/2</c> at the k-th of the n steps after the warm-up, then <paramref name="to"/> for
    /// ever. During the warm-up the rate rises in a straight line, from·(step + 1)/warmUp.
    /// </summary>
    /// <param name="from">The rate at the end of the warm-up.</param>
    /// <param name="to">The rate that step <paramref name="steps"/> would have, one after the last of so many.</param>
    /// <param name="steps">In how many steps, the warm-up included.</param>
    /// <param name="warmUp">How many steps the warm-up takes, 0 or more, and fewer than <paramref name="steps"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is infinite or NaN, or the warm-up is negative or leaves no step.</exception>
    /// <example><code>
    /// var rate = Schedules.Cosine(from: 1, to: 0, steps: 6, warmUp: 2);
    /// rate(0);      // 0.5
    /// rate(1);      // 1
    /// rate(2);      // 1
    /// rate(4);      // 0.5
    /// rate(6);      // 0
    /// </code></example>
    public static Schedule Cosine(double from, double to, int steps, int warmUp = 0)
    {
        RequireFinite(from, nameof(from));
        RequireFinite(to, nameof(to));
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(steps, warmUp);
        return step =>
            step < warmUp ? from * (step + 1) / warmUp
            : step < steps ? to + ((from - to) * (1 + double.CosPi((double)(step - warmUp) / (steps - warmUp))) / 2)
            : to;
    }

    private static void RequireFinite(double rate, string name)
    {
        if (!double.IsFinite(rate))
        {
            throw new ArgumentOutOfRangeException(name, rate, "a learning rate is a finite number, such as 0.1");
        }
    }
}
