namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// How far a hand's surface, posed by 26 parameters, is from measured points. Bones turn on each other along the fingers,
/// every vertex follows the bones by its weights, and the whole is turned and moved. A point belongs to a vertex (simple), or
/// to a place in a triangle that its own two numbers u give (complicated). By u, each by its own point alone, and the pose.
/// </summary>
internal static class HandTracking
{
    public static Problem Problem { get; } = new("ht", ("objective", Objective), ("jacobian", Jacobian));

    private static Evaluation Objective(Argument input)
    {
        var hand = new Hand(input);
        return Evaluation.Of(hand.Errors(hand.Pose, hand.Places).Reshape([3 * hand.Count]), hand.At);
    }

    private static Evaluation Jacobian(Argument input)
    {
        var hand = new Hand(input);
        var byPose = Differentiate.Jacobian(pose => hand.Errors(pose, hand.Places), DifferentiationMode.Forward)(hand.Pose);
        var all = hand.Places is { } places ? Expr.Concatenate([Moved(0), Moved(1), byPose], axis: 2) : byPose;
        return Evaluation.Of(all.Reshape([3 * hand.Count, all.Shape[2]]), hand.At);

        // A place moves its own point and no other, so all move at once.
        Expr Moved(int component) => Differentiate.Pushforward(us => hand.Errors(hand.Pose, us))(
            hand.Places!, Tensor.Generate([hand.Count, 2], at => at % 2 == component ? 1.0 : 0.0)).Tangent.Reshape([hand.Count, 3, 1]);
    }
}
