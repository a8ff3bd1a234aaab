namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// Bundle adjustment: how far the images of points in cameras are from the features that were seen there, by the cameras,
/// the points and the weights of the observations. The numbers of a camera are its rotation (axis times angle), centre, focal
/// length, principal point and two of radial distortion.
/// </summary>
internal static class BundleAdjustment
{
    private const int OfCamera = 11;
    private const int OfPoint = 3;
    private const int InRow = OfCamera + OfPoint + 1;

    public static Problem Problem { get; } = new("ba", ("objective", Objective), ("jacobian", Jacobian));

    // All observations at once: cameras [p, 11], points [p, 3], weights [p] and features [p, 2] to errors [p] in x and in y.
    private static (Expr X, Expr Y) ReprojectionErrors(Expr camera, Expr point, Expr weight, Expr feature)
    {
        var c = Components(camera);
        var centred = Minus(Components(point), c[3..6]);
        var inCamera = Rotate(c[..3], centred);
        var (x, y) = (inCamera[0] / inCamera[2], inCamera[1] / inCamera[2]);
        var square = (x * x) + (y * y);
        var distortion = 1 + (c[9] * square) + (c[10] * square * square);
        var seen = Components(feature);
        return (weight * ((x * distortion * c[6]) + c[7] - seen[0]), weight * ((y * distortion * c[6]) + c[8] - seen[1]));
    }

    private static Expr WeightError(Expr weight) => 1 - (weight * weight);

    // Rodrigues' formula, and its limit where the angle is zero.
    private static Expr[] Rotate(Expr[] rotation, Expr[] x)
    {
        var square = Dot(rotation, rotation);
        var angle = Expr.Sqrt(square);
        Expr[] axis = [.. rotation.Select(component => component / angle)];
        var (sine, cosine) = (Expr.Sin(angle), Expr.Cos(angle));
        var (across, along) = (Cross(axis, x), Dot(axis, x) * (1 - cosine));
        var limit = Cross(rotation, x);
        return [.. Enumerable.Range(0, 3).Select(i => Expr.Select(
            Expr.NotEqual(square, 0), (x[i] * cosine) + (across[i] * sine) + (axis[i] * along), x[i] + limit[i]))];
    }

    private static Expr[] Cross(Expr[] a, Expr[] b) =>
        [(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])];

    private static Expr Dot(Expr[] a, Expr[] b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    private static Expr[] Minus(Expr[] a, Expr[] b) => [.. a.Zip(b, (x, y) => x - y)];

    private static Expr[] Components(Expr vectors) =>
        [.. Enumerable.Range(0, vectors.Shape[1]).Select(i => vectors.Slice(.., i..(i + 1)).Reshape([vectors.Shape[0]]))];

    private static Evaluation Objective(Argument input)
    {
        var scene = new Scene(input);
        var errors = ReprojectionErrors(scene.Cameras.Gather(scene.CameraOf), scene.Points.Gather(scene.PointOf), scene.Weights, scene.Features);
        return Evaluation.Of([errors.X, errors.Y, WeightError(scene.Weights)], scene.At, (writer, results) =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("reproj_error");
            writer.WriteStartArray("elements");
            writer.Number(results[0][0]);
            writer.Number(results[1][0]);
            writer.WriteEndArray();
            writer.WriteNumber("repeated", results[0].Size);
            writer.WriteEndObject();
            writer.WriteStartObject("w_err");
            writer.WritePropertyName("element");
            writer.Number(results[2][0]);
            writer.WriteNumber("repeated", results[2].Size);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    // An error depends on what its own observation sees and on nothing else, so the gradient of the sum of all has the
    // derivatives of each: a block of 2 × 15 for every observation.
    private static Evaluation Jacobian(Argument input)
    {
        var scene = new Scene(input);
        var p = scene.Weights.Shape[0];
        var blocks = Expr.Stack([Row(errors => errors.X), Row(errors => errors.Y)], axis: 1);
        var byWeights = Differentiate.Gradient(weights => WeightError(weights).Sum())(scene.Weights);
        var function = Prepared.Compile(Expr.Concatenate([blocks.Reshape([2 * InRow * p]), byWeights]));
        return Evaluation.Of(() => scene.Assemble(function.Invoke(scene.At)[0]), static (writer, matrix) => matrix.WriteEnds(writer, 30));

        Expr Row(Func<(Expr X, Expr Y), Expr> error)
        {
            var (byCamera, byPoint, byWeight) = Differentiate.Gradient(
                (camera, point, weight) => error(ReprojectionErrors(camera, point, weight, scene.Features)).Sum())(
                scene.Cameras.Gather(scene.CameraOf), scene.Points.Gather(scene.PointOf), scene.Weights);
            return Expr.Concatenate([byCamera, byPoint, byWeight.Reshape([p, 1])], axis: 1);
        }
    }

    // What the request gives once for all cameras, points and observations is given to each of them.
    private sealed class Scene
    {
        public Scene(Argument input)
        {
            var (n, m, p) = (input["n"].Whole(least: 1), input["m"].Whole(least: 1), input["p"].Whole(least: 1));
            Cameras = Expr.Variable("cameras", [n, OfCamera]);
            Points = Expr.Variable("points", [m, OfPoint]);
            Weights = Expr.Variable("weights", [p]);
            Features = Expr.Variable("features", [p, 2]);
            CameraOf = Expr.Variable("camera of", [p]);
            PointOf = Expr.Variable("point of", [p]);
            At = Point.Of(
                (Cameras, Copies(input["cam"].Tensor(OfCamera), n)), (Points, Copies(input["x"].Tensor(OfPoint), m)),
                (Weights, Tensor.Full([p], input["w"].Number())), (Features, Copies(input["feat"].Tensor(2), p)),
                (CameraOf, Tensor.Generate([p], i => (double)(i % n))), (PointOf, Tensor.Generate([p], i => (double)(i % m))));
        }

        public Variable Cameras { get; }

        public Variable Points { get; }

        public Variable Weights { get; }

        public Variable Features { get; }

        public Variable CameraOf { get; }

        public Variable PointOf { get; }

        public Point<double> At { get; }

        // First the rows of reprojection errors, two for an observation, then those of the weights, with one entry each.
        public CompressedRows Assemble(Tensor<double> values)
        {
            var p = Weights.Shape[0];
            var (rows, columns) = (new int[(3 * p) + 1], new int[31 * p]);
            var cameras = At[CameraOf].Values;
            var points = At[PointOf].Values;
            var (firstPoint, firstWeight) = (OfCamera * Cameras.Shape[0], (OfCamera * Cameras.Shape[0]) + (OfPoint * Points.Shape[0]));
            for (var i = 0; i < p; i++)
            {
                var row = columns.AsSpan(2 * InRow * i, 2 * InRow);
                for (var j = 0; j < OfCamera; j++)
                {
                    row[j] = (OfCamera * (int)cameras[i]) + j;
                }

                for (var j = 0; j < OfPoint; j++)
                {
                    row[OfCamera + j] = firstPoint + (OfPoint * (int)points[i]) + j;
                }

                row[InRow - 1] = firstWeight + i;
                row[..InRow].CopyTo(row[InRow..]);
                columns[(2 * InRow * p) + i] = firstWeight + i;
                rows[(2 * i) + 1] = (2 * InRow * i) + InRow;
                rows[(2 * i) + 2] = 2 * InRow * (i + 1);
                rows[(2 * p) + i + 1] = (2 * InRow * p) + i + 1;
            }

            return new(rows, columns, values);
        }

        private static Tensor<double> Copies(Tensor<double> one, int count)
        {
            var values = one.ToArray();
            return Tensor.Generate([count, values.Length], i => values[i % values.Length]);
        }
    }
}
