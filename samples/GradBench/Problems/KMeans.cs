namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// What k-means makes small: Σᵢ minⱼ ‖cⱼ − pᵢ‖², the sum over the points of the square of the way to the nearest centroid; by the
/// centroids. And its Newton step, the gradient over the diagonal of the Hessian.
/// </summary>
internal static class KMeans
{
    public static Problem Problem { get; } = new(
        "kmeans",
        ("cost", input => Of(input, (points, centroids) => Cost(points, centroids))),
        ("dir", input => Of(input, Direction)));

    private static Expr Cost(Expr points, Expr centroids)
    {
        var (n, k, d) = (points.Shape[0], centroids.Shape[0], points.Shape[1]);
        var distances = (centroids.Reshape([1, k, d]) - points.Reshape([n, 1, d])).Square().Sum(2);
        var nearest = centroids.Gather((-distances).ArgMax(1));
        return (nearest - points).Square().Sum();
    }

    // No entry of the Hessian joins two numbers, so that its product with a vector of ones is its diagonal.
    private static Expr Direction(Expr points, Variable centroids)
    {
        var cost = Cost(points, centroids);
        var ones = GradientMap<Expr>.Of((centroids, Expr.Full(centroids.Shape, 1)));
        return cost.Gradient(centroids)[centroids] / cost.HessianVectorProduct(ones)[centroids];
    }

    private static Evaluation Of(Argument input, Func<Variable, Variable, Expr> function)
    {
        var points = input["points"].Tensor(-1, -1);
        var centroids = input["centroids"].Tensor(-1, points.Shape[1]);
        var (p, c) = (Expr.Variable("p", points.Shape), Expr.Variable("c", centroids.Shape));
        return Evaluation.Of(function(p, c), Point.Of((p, points), (c, centroids)));
    }
}
