namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// Cameras, points and what was seen of which point in which camera. What a request gives once for all is given to each of
/// them, and nothing knows afterwards that they are alike.
/// </summary>
internal sealed class Scene
{
    private const int OfCamera = 11;
    private const int OfPoint = 3;
    private const int InRow = OfCamera + OfPoint + 1;

    // So many observations at a time that what is worked out for them stays in the caches.
    private const int InBlock = 256;

    private readonly int _cameraCount;
    private readonly int _pointCount;
    private readonly Variable _cameras;
    private readonly Variable _points;
    private readonly Tensor<double> _cameraValues;
    private readonly Tensor<double> _pointValues;
    private readonly int[] _cameraOf;
    private readonly int[] _pointOf;
    private readonly double[] _weights;
    private readonly Tensor<double> _features;

    public Scene(Argument input)
    {
        (_cameraCount, _pointCount, Count) = (input["n"].Whole(least: 1), input["m"].Whole(least: 1), input["p"].Whole(least: 1));
        (_cameras, _points) = (Expr.Variable("cameras", [OfCamera, _cameraCount]), Expr.Variable("points", [OfPoint, _pointCount]));
        (_cameraValues, _pointValues) = (Copies(input["cam"].Tensor(OfCamera), _cameraCount), Copies(input["x"].Tensor(OfPoint), _pointCount));
        _cameraOf = [.. Enumerable.Range(0, Count).Select(i => i % _cameraCount)];
        _pointOf = [.. Enumerable.Range(0, Count).Select(i => i % _pointCount)];
        _weights = [.. Enumerable.Repeat(input["w"].Number(), Count)];
        _features = input["feat"].Tensor(2);
    }

    /// <summary>How many observations there are.</summary>
    public int Count { get; }

    /// <summary>
    /// Cameras [11, count], points [3, count], weights [count] and features [2, count] of so many observations; and how
    /// their numbers come in.
    /// </summary>
    public Observations Observe(int count)
    {
        var (cameraOf, pointOf) = (Expr.Variable("camera of", [count]), Expr.Variable("point of", [count]));
        var (weights, features) = (Expr.Variable("weights", [count]), Expr.Variable("features", [2, count]));
        return new(
            _cameras.Gather(cameraOf, 1), _points.Gather(pointOf, 1), weights, features,
            first => Point.Of(
                (_cameras, _cameraValues), (_points, _pointValues), (weights, Tensor.Of<double>(_weights.AsSpan(first, count))),
                (features, Copies(_features, count)),
                (cameraOf, Tensor.Generate([count], i => (double)_cameraOf[first + i])),
                (pointOf, Tensor.Generate([count], i => (double)_pointOf[first + i]))));
    }

    /// <summary>
    /// The Jacobian of all errors by all cameras, points and weights: first two rows of reprojection errors for each
    /// observation, then a row of its weight's error.
    /// </summary>
    /// <param name="derivatives">Of observations, the derivatives [count, 30] of reprojection errors by camera, point and
    /// weight, and those [count] of the errors of weights.</param>
    /// <returns>What works it out.</returns>
    public Func<CompressedRows> Jacobian(Func<Observations, Expr[]> derivatives)
    {
        var whole = Math.Min(InBlock, Count);
        var blocks = new List<(CompiledFunction<double> Function, Point<double> At, int First)>();
        AddBlocks(whole, 0, Count - (Count % whole));
        if (Count % whole > 0)
        {
            AddBlocks(Count % whole, Count - (Count % whole), Count);
        }

        // The memory of the matrix is written anew by every call.
        var matrix = new CompressedRows(new int[(3 * Count) + 1], new int[((2 * InRow) + 1) * Count], new double[((2 * InRow) + 1) * Count]);
        return () =>
        {
            foreach (var (function, at, first) in blocks)
            {
                var results = function.Invoke(at);
                results[0].Values.CopyTo(matrix.Values.AsSpan(2 * InRow * first));
                results[1].Values.CopyTo(matrix.Values.AsSpan((2 * InRow * Count) + first));
            }

            FillRows(matrix.Rows);
            FillColumns(matrix.Columns);
            return matrix;
        };

        void AddBlocks(int size, int start, int end)
        {
            var observations = Observe(size);
            var function = Prepared.Compile(derivatives(observations));
            for (var first = start; first < end; first += size)
            {
                blocks.Add((function, observations.At(first), first));
            }
        }
    }

    private void FillRows(int[] rows)
    {
        for (var i = 0; i <= 2 * Count; i++)
        {
            rows[i] = InRow * i;
        }

        for (var i = 1; i <= Count; i++)
        {
            rows[(2 * Count) + i] = (2 * InRow * Count) + i;
        }
    }

    private void FillColumns(int[] columns)
    {
        var firstPoint = OfCamera * _cameraCount;
        var firstWeight = firstPoint + (OfPoint * _pointCount);
        for (var i = 0; i < Count; i++)
        {
            var row = columns.AsSpan(2 * InRow * i, 2 * InRow);
            for (var j = 0; j < OfCamera; j++)
            {
                row[j] = (OfCamera * _cameraOf[i]) + j;
            }

            for (var j = 0; j < OfPoint; j++)
            {
                row[OfCamera + j] = firstPoint + (OfPoint * _pointOf[i]) + j;
            }

            row[InRow - 1] = firstWeight + i;
            row[..InRow].CopyTo(row[InRow..]);
            columns[(2 * InRow * Count) + i] = firstWeight + i;
        }
    }

    private static Tensor<double> Copies(Tensor<double> one, int count)
    {
        var values = one.ToArray();
        return Tensor.Generate([values.Length, count], i => values[i / count]);
    }

    /// <summary>Some observations as expressions.</summary>
    /// <param name="Camera">The cameras, [11, count].</param>
    /// <param name="Point">The points, [3, count].</param>
    /// <param name="Weight">The weights, [count].</param>
    /// <param name="Feature">Where the points were seen, [2, count].</param>
    /// <param name="At">Their numbers, from the first of them on.</param>
    public sealed record Observations(Expr Camera, Expr Point, Expr Weight, Expr Feature, Func<int, Point<double>> At);
}
