using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>The plane arm in many positions.</summary>
/// <param name="joints">How many joints it has.</param>
internal sealed class KinematicArmAtManyPoints(int joints)
    : ManyPoints(joints, Numbers.Between(-0.5, 0.5, joints * Points, seed: 2), [.. Enumerable.Range(0, joints).Select(i => $"θ{i}")])
{
    private readonly int _joints = joints;

    protected override Expr Formula() => KinematicArm.Distance(Variables);

    protected override double Gradient(ReadOnlySpan<double> x, Span<double> gradient) => KinematicArm.Gradient(x, gradient);

    protected override void GradientsByVectors(double[] values, double[] gradients)
    {
        Span<Vector512<double>> sines = stackalloc Vector512<double>[_joints];
        Span<Vector512<double>> cosines = stackalloc Vector512<double>[_joints];
        for (nuint p = 0; p + 8 <= Points; p += 8)
        {
            var (x, y) = (Vector512.Create(-KinematicArm.TargetX), Vector512.Create(-KinematicArm.TargetY));
            var angle = Vector512<double>.Zero;
            for (var i = 0; i < _joints; i++)
            {
                angle += Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(Columns[i]), p);
                (sines[i], cosines[i]) = Vector512.SinCos(angle);
                x += KinematicArm.Length(i) * cosines[i];
                y += KinematicArm.Length(i) * sines[i];
            }

            var distance = Vector512.Sqrt((x * x) + (y * y));
            distance.StoreUnsafe(ref values[0], p);
            x /= distance;
            y /= distance;
            var sum = Vector512<double>.Zero;
            for (var i = _joints - 1; i >= 0; i--)
            {
                sum += KinematicArm.Length(i) * ((y * cosines[i]) - (x * sines[i]));
                sum.StoreUnsafe(ref gradients[i * Points], p);
            }
        }
    }
}
