namespace FunctionalGrad.Benchmarks;

/// <summary>
/// Distances of a posed hand's vertices from points, by the pose: for each number of it, the motion of the bones behind its joint,
/// and what the vertices of the points make of that.
/// </summary>
/// <param name="vertices">How many vertices.</param>
/// <param name="points">How many points.</param>
internal sealed class HandTrackingByHand(int vertices, int points) : GradBenchComparison("ht", "objective", "jacobian")
{
    private const int Bones = 22;
    private const int Parameters = 26;

    private readonly double[] _pose = Numbers.Between(0.1, 0.7, Parameters, seed: 1);
    private readonly double[] _positions = [.. Numbers.Between(-1, 1, 4 * vertices, seed: 2).Select((number, i) => i % 4 == 3 ? 1 : number)];
    private readonly double[] _weights = Numbers.Between(0, 1, vertices * Bones, seed: 3);
    private readonly double[] _points = Numbers.Between(-1, 1, 3 * points, seed: 4);
    private readonly double[] _relatives = Matrices(5);
    private readonly double[] _inverses = Matrices(6);
    private readonly int[] _parents = [-1, .. Enumerable.Range(1, Bones - 1).Select(bone => bone % 4 == 1 ? 0 : bone - 1)];
    private readonly int[] _vertexOf = [.. Enumerable.Range(0, points).Select(i => i * 7 % vertices)];
    private readonly double[] _turned = new double[16 * Bones];
    private readonly double[] _absolutes = new double[16 * Bones];
    private readonly double[] _transforms = new double[16 * Bones];
    private readonly double[] _moved = new double[16 * Bones];
    private readonly double[] _local = new double[3 * vertices];

    protected override Dictionary<string, object> Input() => new()
    {
        ["theta"] = _pose,
        ["us"] = Array.Empty<double>(),
        ["data"] = new Dictionary<string, object>
        {
            ["correspondences"] = _vertexOf,
            ["points"] = Rows(_points, 3),
            ["model"] = new Dictionary<string, object>
            {
                ["parents"] = _parents,
                ["is_mirrored"] = false,
                ["base_positions"] = Rows(_positions, 4),
                ["weights"] = Rows(_weights, Bones),
                ["triangles"] = new int[][] { [0, 1, 2] },
                ["base_relatives"] = _relatives.Chunk(16).Select(matrix => Rows(matrix, 4)),
                ["inverse_base_absolutes"] = _inverses.Chunk(16).Select(matrix => Rows(matrix, 4)),
            },
        },
    };

    protected override double[] ByLoops()
    {
        var jacobian = new double[3 * points * Parameters];
        Span<double> turn = stackalloc double[9];
        Turn(turn, []);
        Pose();
        for (var vertex = 0; vertex < vertices; vertex++)
        {
            Follow(_transforms, vertex, 0, Bones, _local.AsSpan(3 * vertex, 3));
        }

        Whole(jacobian);
        for (var finger = 0; finger < 5; finger++)
        {
            var (bone, parameter) = (2 + (4 * finger), 6 + (4 * finger));
            Finger(jacobian, turn, bone, parameter, sideways: false);
            Finger(jacobian, turn, bone, parameter + 1, sideways: true);
            Finger(jacobian, turn, bone + 1, parameter + 2, sideways: false);
            Finger(jacobian, turn, bone + 2, parameter + 3, sideways: false);
        }

        return jacobian;
    }

    // Near the identity, the last row that of a motion.
    private static double[] Matrices(int seed) => [.. Numbers.Between(-0.1, 0.1, 16 * Bones, seed)
        .Select((number, i) => i % 16 >= 12 ? (i % 16 == 15 ? 1 : 0) : number + (i % 16 % 5 == 0 ? 1 : 0))];

    private void Pose()
    {
        Span<double> joint = stackalloc double[16];
        for (var bone = 0; bone < Bones; bone++)
        {
            var (bending, sideways) = Angles(bone);
            Joint(joint, Math.Cos(bending), Math.Sin(bending), Math.Cos(sideways), Math.Sin(sideways), 1);
            var turned = _turned.AsSpan(16 * bone, 16);
            Multiply(_relatives.AsSpan(16 * bone, 16), joint, turned);
            if (bone == 0)
            {
                turned.CopyTo(_absolutes);
            }
            else
            {
                Multiply(_absolutes.AsSpan(16 * _parents[bone], 16), turned, _absolutes.AsSpan(16 * bone, 16));
            }

            Multiply(_absolutes.AsSpan(16 * bone, 16), _inverses.AsSpan(16 * bone, 16), _transforms.AsSpan(16 * bone, 16));
        }
    }

    private (double Bending, double Sideways) Angles(int bone)
    {
        var (finger, place) = Math.DivRem(bone - 2, 4);
        return bone < 2 || place == 3 ? (0, 0)
            : place == 0 ? (_pose[6 + (4 * finger)], _pose[7 + (4 * finger)])
            : (_pose[7 + (4 * finger) + place], 0);
    }

    // A joint turns about x, then about z; the corner is 0 for one of its derivatives.
    private static void Joint(Span<double> joint, double cosX, double sinX, double cosZ, double sinZ, double corner)
    {
        joint.Clear();
        (joint[0], joint[1], joint[2]) = (cosZ, -sinZ * cosX, sinZ * sinX);
        (joint[4], joint[5], joint[6]) = (sinZ, cosZ * cosX, -cosZ * sinX);
        (joint[9], joint[10], joint[15]) = (sinX, cosX, corner);
    }

    private void Finger(double[] jacobian, ReadOnlySpan<double> turn, int bone, int parameter, bool sideways)
    {
        Span<double> joint = stackalloc double[16];
        Span<double> moved = stackalloc double[16];
        Span<double> previous = stackalloc double[16];
        var (x, z) = Angles(bone);
        if (sideways)
        {
            // The entries about x alone stand still.
            Joint(joint, Math.Cos(x), Math.Sin(x), -Math.Sin(z), Math.Cos(z), 0);
            (joint[9], joint[10]) = (0, 0);
        }
        else
        {
            Joint(joint, -Math.Sin(x), Math.Cos(x), Math.Cos(z), Math.Sin(z), 0);
            (joint[0], joint[4]) = (0, 0);
        }

        Multiply(_relatives.AsSpan(16 * bone, 16), joint, moved);
        Multiply(_absolutes.AsSpan(16 * _parents[bone], 16), moved, previous);
        var last = bone;
        Multiply(previous, _inverses.AsSpan(16 * bone, 16), _moved.AsSpan(16 * bone, 16));
        for (var behind = bone + 1; behind < Bones && _parents[behind] == behind - 1; behind++)
        {
            Multiply(previous, _turned.AsSpan(16 * behind, 16), moved);
            moved.CopyTo(previous);
            Multiply(previous, _inverses.AsSpan(16 * behind, 16), _moved.AsSpan(16 * behind, 16));
            last = behind;
        }

        Span<double> local = stackalloc double[3];
        for (var i = 0; i < points; i++)
        {
            Follow(_moved, _vertexOf[i], bone, last + 1, local);
            for (var row = 0; row < 3; row++)
            {
                jacobian[(((3 * i) + row) * Parameters) + parameter] =
                    -((turn[3 * row] * local[0]) + (turn[(3 * row) + 1] * local[1]) + (turn[(3 * row) + 2] * local[2]));
            }
        }
    }

    // The first six numbers turn and move the whole.
    private void Whole(double[] jacobian)
    {
        Span<double> turn = stackalloc double[9];
        Span<double> moved = stackalloc double[27];
        Turn(turn, moved);
        for (var i = 0; i < points; i++)
        {
            var local = _local.AsSpan(3 * _vertexOf[i], 3);
            for (var row = 0; row < 3; row++)
            {
                for (var k = 0; k < 3; k++)
                {
                    var of = moved.Slice((9 * k) + (3 * row), 3);
                    jacobian[(((3 * i) + row) * Parameters) + k] = -((of[0] * local[0]) + (of[1] * local[1]) + (of[2] * local[2]));
                    jacobian[(((3 * i) + row) * Parameters) + 3 + k] = row == k ? -1 : 0;
                }
            }
        }
    }

    // R = c·I + s·[w]ₓ + (1 − c)·w·wᵀ, and if asked for its derivatives by the three numbers of angle times w.
    private void Turn(Span<double> turn, Span<double> moved)
    {
        var angle = Math.Sqrt((_pose[0] * _pose[0]) + (_pose[1] * _pose[1]) + (_pose[2] * _pose[2]));
        var (s, c) = Math.SinCos(angle);
        Span<double> w = [_pose[0] / angle, _pose[1] / angle, _pose[2] / angle];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                turn[(3 * row) + column] = (row == column ? c : 0) + (s * Crossed(w, row, column)) + ((1 - c) * w[row] * w[column]);
            }
        }

        Span<double> dw = stackalloc double[3];
        for (var k = 0; k < 3 && moved.Length > 0; k++)
        {
            for (var i = 0; i < 3; i++)
            {
                dw[i] = ((i == k ? 1 : 0) - (w[i] * w[k])) / angle;
            }

            var of = moved.Slice(9 * k, 9);
            for (var row = 0; row < 3; row++)
            {
                for (var column = 0; column < 3; column++)
                {
                    of[(3 * row) + column] = (w[k] * ((row == column ? -s : 0) + (c * Crossed(w, row, column)) + (s * w[row] * w[column])))
                        + (s * Crossed(dw, row, column)) + ((1 - c) * ((dw[row] * w[column]) + (w[row] * dw[column])));
                }
            }
        }
    }

    // Entry of the matrix that takes the cross product with w.
    private static double Crossed(ReadOnlySpan<double> w, int row, int column) =>
        row == column ? 0 : (column - row + 3) % 3 == 1 ? -w[3 - row - column] : w[3 - row - column];

    // Where some bones take a vertex, each by the vertex's weight for it.
    private void Follow(double[] transforms, int vertex, int first, int end, Span<double> local)
    {
        var x = _positions.AsSpan(4 * vertex, 4);
        local.Clear();
        for (var bone = first; bone < end; bone++)
        {
            var (t, weight) = (16 * bone, _weights[(vertex * Bones) + bone]);
            for (var row = 0; row < 3; row++)
            {
                var at = t + (4 * row);
                local[row] += weight * ((transforms[at] * x[0]) + (transforms[at + 1] * x[1]) + (transforms[at + 2] * x[2]) + (transforms[at + 3] * x[3]));
            }
        }
    }

    private static void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> product)
    {
        for (var row = 0; row < 4; row++)
        {
            for (var column = 0; column < 4; column++)
            {
                product[(4 * row) + column] = (left[4 * row] * right[column]) + (left[(4 * row) + 1] * right[4 + column])
                    + (left[(4 * row) + 2] * right[8 + column]) + (left[(4 * row) + 3] * right[12 + column]);
            }
        }
    }
}
