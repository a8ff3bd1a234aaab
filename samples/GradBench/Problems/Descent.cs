namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// Steps down a gradient until it is small or the steps are. The rate doubles after ten steps, and halves where a step would
/// lead up. What moves, and what is known of it, is up to whoever descends.
/// </summary>
internal abstract class Descent
{
    private const double Small = 1e-5;
    private const int StepsAtARate = 10;

    /// <summary>The function where the descent has come to.</summary>
    protected abstract double Value { get; }

    /// <summary>How long the gradient is there.</summary>
    protected abstract double Steepness { get; }

    /// <summary>Descends.</summary>
    public void Run()
    {
        var (rate, steps) = (Small, 0);
        while (Steepness > Small)
        {
            if (steps == StepsAtARate)
            {
                (rate, steps) = (2 * rate, 0);
                continue;
            }

            var (length, value) = Try(rate);
            if (length <= Small)
            {
                return;
            }

            if (value < Value)
            {
                Go();
                steps++;
            }
            else
            {
                (rate, steps) = (rate / 2, 0);
            }
        }
    }

    /// <summary>Looks where a step of rate times the gradient would lead: how long it is, and the function there.</summary>
    protected abstract (double Length, double Value) Try(double rate);

    /// <summary>Takes the step that was looked at last.</summary>
    protected abstract void Go();
}
