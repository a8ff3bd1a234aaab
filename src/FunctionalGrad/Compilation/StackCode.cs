using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// A short program of loops as a method from the tensors of a point to tensors: what it computes on the way lies on the stack,
/// since to take memory and to give it back would cost more than the loops do.
/// </summary>
internal static class StackCode<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // A small part of what a thread has.
    private const int MostBytes = 1 << 14;

    /// <summary>The method, or nothing where the program is not one of few and small loops.</summary>
    /// <param name="program">The program.</param>
    /// <param name="schedule">The same with its buffers in memory.</param>
    /// <param name="otherwise">Another method that does the same, for arguments that the code does not reach.</param>
    public static PointMethod<T>? Of(Program program, Schedule<T> schedule, PointMethod<T> otherwise)
    {
        var plan = schedule.Plan;
        if (plan.Sizes[BufferPlan.Arena] * Unsafe.SizeOf<T>() > MostBytes || StepCode.Loops(schedule.Program.Steps) is not { } loops)
        {
            return null;
        }

        return MethodWriter<T>.Write<PointMethod<T>>([], method =>
        {
            method.LeaveTo(typeof(PointMethod<T>), new(otherwise));
            var arguments = new PointArguments<T>(method, program.Variables.Length);
            method.BindStack(BufferPlan.Arena, plan.Sizes[BufferPlan.Arena]);
            for (var i = 0; i < program.Buffers.Count; i++)
            {
                switch (program.Buffers[i].Source)
                {
                    case Variable variable:
                        method.Bind(plan.Slots[i], arguments.Starts[program.PlaceOf(variable)]);
                        break;
                    case Constant constant:
                        method.Bind(plan.Slots[i], constant.Value.To<T>().Array);
                        break;
                }
            }

            var results = new PointResults<T>(method, program);
            foreach (var (buffer, start) in results.Starts())
            {
                method.Bind(plan.Slots[buffer], start);
            }

            foreach (var loop in loops)
            {
                LoopCode<T>.Write(method, loop);
            }

            results.Write();
        });
    }
}
