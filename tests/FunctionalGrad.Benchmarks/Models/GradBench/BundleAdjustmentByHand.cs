using System.Text.Json;

namespace FunctionalGrad.Benchmarks;

/// <summary>Reprojection errors by camera, point and weight, direction by direction, straight into a matrix by rows.</summary>
/// <param name="n">How many cameras.</param>
/// <param name="m">How many points.</param>
/// <param name="p">How many observations.</param>
internal sealed class BundleAdjustmentByHand(int n, int m, int p) : GradBenchComparison("ba", "objective", "jacobian")
{
    private const int InRow = 15;

    private readonly double[] _camera = [0.1, -0.2, 0.3, 0.5, -0.3, 0.2, 1.5, 0.1, -0.2, 0.05, -0.02];
    private readonly double[] _point = [0.4, -0.6, 2.5];
    private readonly double[] _feature = [0.3, 0.4];
    private readonly double _weight = 0.8;
    private double[]? _cameras;
    private double[]? _points;
    private int[]? _rows;
    private int[]? _columns;
    private double[]? _values;

    protected override Dictionary<string, object> Input() => new()
    {
        ["n"] = n,
        ["m"] = m,
        ["p"] = p,
        ["cam"] = _camera,
        ["x"] = _point,
        ["w"] = _weight,
        ["feat"] = _feature,
    };

    // The answer gives the first 30 entries and the last.
    protected override IEnumerable<double> Answer(JsonElement output) =>
        output.GetProperty("vals").EnumerateArray().Take(30).Select(value => value.GetDouble());

    protected override double[] ByLoops()
    {
        var cameras = _cameras ??= [.. Enumerable.Repeat(_camera, n).SelectMany(camera => camera)];
        var points = _points ??= [.. Enumerable.Repeat(_point, m).SelectMany(point => point)];
        var (rows, columns, values) = (_rows ??= new int[(3 * p) + 1], _columns ??= new int[31 * p], _values ??= new double[31 * p]);
        for (var i = 0; i < p; i++)
        {
            var (camera, point) = (i % n, i % m);
            var block = values.AsSpan(2 * InRow * i, 2 * InRow);
            Errors(cameras.AsSpan(11 * camera, 11), points.AsSpan(3 * point, 3), block);
            values[(2 * InRow * p) + i] = -2 * _weight;
            for (var row = 0; row < 2; row++)
            {
                var start = ((2 * i) + row) * InRow;
                for (var j = 0; j < InRow; j++)
                {
                    columns[start + j] = j < 11 ? (11 * camera) + j : j < 14 ? (11 * n) + (3 * point) + j - 11 : (11 * n) + (3 * m) + i;
                }

                rows[(2 * i) + row + 1] = start + InRow;
            }

            columns[(2 * InRow * p) + i] = (11 * n) + (3 * m) + i;
            rows[(2 * p) + i + 1] = (2 * InRow * p) + i + 1;
        }

        return values;
    }

    private void Errors(ReadOnlySpan<double> c, ReadOnlySpan<double> point, Span<double> block)
    {
        Span<double> axis = stackalloc double[3];
        Span<double> x = stackalloc double[3];
        Span<double> d = stackalloc double[3];
        var angle = Math.Sqrt((c[0] * c[0]) + (c[1] * c[1]) + (c[2] * c[2]));
        var (sine, cosine) = Math.SinCos(angle);
        var focal = c[6];
        for (var i = 0; i < 3; i++)
        {
            axis[i] = c[i] / angle;
            x[i] = point[i] - c[3 + i];
        }

        var along = (axis[0] * x[0]) + (axis[1] * x[1]) + (axis[2] * x[2]);
        Span<double> across = [(axis[1] * x[2]) - (axis[2] * x[1]), (axis[2] * x[0]) - (axis[0] * x[2]), (axis[0] * x[1]) - (axis[1] * x[0])];
        var (a, b, z) = (
            (x[0] * cosine) + (across[0] * sine) + (axis[0] * along * (1 - cosine)),
            (x[1] * cosine) + (across[1] * sine) + (axis[1] * along * (1 - cosine)),
            (x[2] * cosine) + (across[2] * sine) + (axis[2] * along * (1 - cosine)));
        var (u, v) = (a / z, b / z);
        var square = (u * u) + (v * v);
        var distortion = 1 + (c[9] * square) + (c[10] * square * square);
        var slope = c[9] + (2 * c[10] * square);
        for (var k = 0; k < 3; k++)
        {
            // Of the axis; the angle moves as the axis' own component.
            for (var i = 0; i < 3; i++)
            {
                d[i] = ((i == k ? 1 : 0) - (axis[i] * axis[k])) / angle;
            }

            var alongMoved = (d[0] * x[0]) + (d[1] * x[1]) + (d[2] * x[2]);
            Span<double> acrossMoved = [(d[1] * x[2]) - (d[2] * x[1]), (d[2] * x[0]) - (d[0] * x[2]), (d[0] * x[1]) - (d[1] * x[0])];
            for (var i = 0; i < 3; i++)
            {
                d[i] = (axis[k] * ((cosine * across[i]) - (sine * x[i]) + (sine * axis[i] * along)))
                    + (acrossMoved[i] * sine) + ((1 - cosine) * ((d[i] * along) + (axis[i] * alongMoved)));
            }

            Project(d, k, 1, block);
        }

        for (var k = 0; k < 3; k++)
        {
            for (var i = 0; i < 3; i++)
            {
                d[i] = ((i == k ? 1 : 0) * cosine) + (axis[i] * axis[k] * (1 - cosine));
            }

            d[(k + 1) % 3] += sine * axis[(k + 2) % 3];
            d[(k + 2) % 3] -= sine * axis[(k + 1) % 3];
            Project(d, 3 + k, -1, block);
            Project(d, 11 + k, 1, block);
        }

        for (var row = 0; row < 2; row++)
        {
            var image = row == 0 ? u : v;
            var derivatives = block.Slice(row * InRow, InRow);
            derivatives[6] = _weight * image * distortion;
            derivatives[7] = row == 0 ? _weight : 0;
            derivatives[8] = row == 1 ? _weight : 0;
            derivatives[9] = _weight * c[6] * image * square;
            derivatives[10] = _weight * c[6] * image * square * square;
            derivatives[14] = (image * distortion * c[6]) + c[7 + row] - _feature[row];
        }

        void Project(ReadOnlySpan<double> moved, int place, double sign, Span<double> into)
        {
            var (du, dv) = ((moved[0] - (u * moved[2])) / z, (moved[1] - (v * moved[2])) / z);
            var ofDistortion = slope * 2 * ((u * du) + (v * dv));
            into[place] = sign * _weight * focal * ((du * distortion) + (u * ofDistortion));
            into[InRow + place] = sign * _weight * focal * ((dv * distortion) + (v * ofDistortion));
        }
    }
}
