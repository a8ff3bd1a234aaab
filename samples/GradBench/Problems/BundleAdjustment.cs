namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// Bundle adjustment: how far the images of points in cameras are from the features that were seen there, by the cameras,
/// the points and the weights of the observations. The numbers of a camera are its rotation (axis times angle), centre, focal
/// length, principal point and two of radial distortion.
/// </summary>
internal static class BundleAdjustment
{
    public static Problem Problem { get; } = new("ba", ("objective", Objective), ("jacobian", Jacobian));

    // Many observations at once: cameras [11, p], points [3, p], weights [p] and features [2, p] to errors in x and in y.
    private static Expr[] ReprojectionErrors(Expr camera, Expr point, Expr weight, Expr feature)
    {
        var c = Components(camera);
        var inCamera = Rotate(c[..3], Minus(Components(point), c[3..6]));
        var (x, y) = (inCamera[0] / inCamera[2], inCamera[1] / inCamera[2]);
        var square = (x * x) + (y * y);
        var distortion = 1 + (c[9] * square) + (c[10] * square * square);
        return
        [
            weight * ((x * distortion * c[6]) + c[7] - feature.At(0)),
            weight * ((y * distortion * c[6]) + c[8] - feature.At(1)),
        ];
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
        var (limit, turns) = (Cross(rotation, x), Expr.NotEqual(square, 0));
        return [.. Enumerable.Range(0, 3).Select(i => Expr.Select(
            turns, (x[i] * cosine) + (across[i] * sine) + (axis[i] * along), x[i] + limit[i]))];
    }

    private static Expr[] Cross(Expr[] a, Expr[] b) =>
        [(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])];

    private static Expr Dot(Expr[] a, Expr[] b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    private static Expr[] Minus(Expr[] a, Expr[] b) => [.. a.Zip(b, (x, y) => x - y)];

    private static Expr[] Components(Expr vectors) =>
        [.. Enumerable.Range(0, vectors.Shape[0]).Select(i => vectors.At(i))];

    private static Evaluation Objective(Argument input)
    {
        var scene = new Scene(input);
        var seen = scene.Observe(scene.Count);
        var errors = ReprojectionErrors(seen.Camera, seen.Point, seen.Weight, seen.Feature);
        return Evaluation.Of([errors[0], errors[1], WeightError(seen.Weight)], seen.At(0), (writer, results) =>
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

    private static Evaluation Jacobian(Argument input)
    {
        var scene = new Scene(input);
        return Evaluation.Of(scene.Jacobian(Derivatives), static (writer, matrix) => matrix.WriteEnds(writer, 30));
    }

    // An error depends on what its own observation sees and on nothing else, so the gradient of the sum of all has the
    // derivatives of each: two rows of 15 for every observation, and one of 1.
    private static Expr[] Derivatives(Scene.Observations seen)
    {
        IEnumerable<Expr> rows = Enumerable.Range(0, 2).Select(Row);
        return
        [
            Expr.Concatenate(rows).Transpose(),
            Differentiate.Gradient(weights => WeightError(weights).Sum())(seen.Weight),
        ];

        Expr Row(int error)
        {
            var (byCamera, byPoint, byWeight) = Differentiate.Gradient(
                (cameras, points, weights) => ReprojectionErrors(cameras, points, weights, seen.Feature)[error].Sum())(seen.Camera, seen.Point, seen.Weight);
            return Expr.Concatenate([byCamera, byPoint, byWeight.Reshape([1, byWeight.Shape[0]])]);
        }
    }
}
