using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class ScheduleTests
{
    [Fact]
    public void Rates_fall_in_a_straight_line_and_then_stay()
    {
        var rate = Schedules.Linear(1, 0, 1000);
        Assert.Equal([1, 0.75, 1 - (999 / 1000.0), 0, 0], new[] { 0, 250, 999, 1000, 5000 }.Select(step => rate(step)));
        Assert.Equal(0.3, Schedules.Constant(0.3)(17));
        Errors.Say<ArgumentOutOfRangeException>(() => Schedules.Constant(double.NaN), "finite number");
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedules.Linear(1, 0, 0));
    }

    [Fact]
    public void A_cosine_warms_up_falls_slowly_at_both_ends_and_then_stays()
    {
        var rate = Schedules.Cosine(from: 3, to: 1, steps: 14, warmUp: 4);
        Assert.Equal([0.75, 1.5, 2.25, 3, 3, 2, 1, 1], new[] { 0, 1, 2, 3, 4, 9, 14, 500 }.Select(step => rate(step)));
        for (var step = 4; step < 14; step++)
        {
            Assert.Equal(1 + ((1 + Math.Cos(Math.PI * (step - 4) / 10)) * 1), rate(step), 1e-15);
            Assert.True(rate(step + 1) < rate(step));
        }

        Assert.Equal(2, Schedules.Cosine(2, 0, 10)(0));
        Errors.Say<ArgumentOutOfRangeException>(() => Schedules.Cosine(double.PositiveInfinity, 0, 10), "finite number");
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedules.Cosine(1, 0, steps: 10, warmUp: 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedules.Cosine(1, 0, steps: 10, warmUp: -1));
    }
}
