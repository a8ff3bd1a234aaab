namespace FunctionalGrad.Learning;

/// <summary>Losses: pure functions from expressions to the scalar that training makes small.</summary>
public static class Loss
{
    /// <summary>The mean squared error, mean (predictionᵢ − targetᵢ)².</summary>
    /// <param name="prediction">Any expression.</param>
    /// <param name="target">An expression of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <example><code>
    /// Loss.MeanSquaredError(Tensor.Of(1.0, 5), Tensor.Of(2.0, 2)).Evaluate();      // 5
    /// </code></example>
    public static Expr MeanSquaredError(Expr prediction, Expr target)
    {
        RequireSameShape(prediction, target, "mean squared error", "predictions", "targets");
        var difference = prediction - target;
        return (difference * difference).Mean();
    }

    /// <summary>
    /// The mean hinge loss, mean max(0, 1 − labelᵢ·scoreᵢ), for labels −1 and +1: nothing once a score is on its side by a
    /// margin of 1. At the margin itself the derivative is 0.
    /// </summary>
    /// <param name="scores">Any expression.</param>
    /// <param name="labels">An expression of the same shape with entries −1 and +1.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <example><code>
    /// Loss.Hinge(Tensor.Of(3.0, 0.5), Tensor.Of(1.0, -1)).Evaluate();      // 0.75
    /// </code></example>
    public static Expr Hinge(Expr scores, Expr labels)
    {
        RequireSameShape(scores, labels, "hinge loss", "scores", "labels");
        return Expr.Relu(1 - (labels * scores)).Mean();
    }

    /// <summary>
    /// The mean cross-entropy −mean ln pᵢ(targetᵢ), where pᵢ is the softmax of row i of the logits. Stable for logits of any
    /// size, since it goes by log-softmax. It may be infinite where a logit is.
    /// </summary>
    /// <param name="logits">Scores of shape [..., classes].</param>
    /// <param name="targets">The right classes, whole numbers from 0 to classes − 1, of shape [...]: a tensor or a variable.</param>
    /// <exception cref="ShapeException">The targets do not have the shape of the logits without its last axis.</exception>
    /// <exception cref="IndexOutsideException">At evaluation: a target is no class.</exception>
    /// <example><code>
    /// Loss.CrossEntropy(Tensor.Of([2, 2], [0.0, 1000, 1000, 0]), Tensor.Of(1.0, 1)).Evaluate();      // 500
    /// </code></example>
    public static Expr CrossEntropy(Expr logits, Expr targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        return Surprise(logits, targets).Mean();
    }

    /// <summary>
    /// The mean cross-entropy over the entries that a mask keeps, such as those of a batch that are not padding. The others
    /// contribute exactly 0 to value and derivatives, whatever stands there.
    /// </summary>
    /// <param name="logits">Scores of shape [..., classes].</param>
    /// <param name="targets">The right classes, whole numbers from 0 to classes − 1, of shape [...]; masked ones too.</param>
    /// <param name="mask">1 where an entry counts, 0 elsewhere, of shape [...], with at least one 1.</param>
    /// <exception cref="ShapeException">The targets or the mask do not have the shape of the logits without its last axis.</exception>
    /// <exception cref="IndexOutsideException">At evaluation: a target is no class.</exception>
    /// <example><code>
    /// Expr logits = Tensor.Of([2, 2], [0.0, 1000, 1000, 0]);
    /// Loss.CrossEntropy(logits, Tensor.Of(1.0, 1), mask: Tensor.Of(0.0, 1)).Evaluate();      // 1000
    /// </code></example>
    public static Expr CrossEntropy(Expr logits, Expr targets, Expr mask)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        RequireSameShape(targets, mask, "cross-entropy", "targets", "a mask");
        var counts = Expr.NotEqual(mask, 0);
        return Expr.Select(counts, Surprise(logits, targets), 0).Sum() / counts.Sum();
    }

    /// <summary>
    /// The mean cross-entropy of each text of a batch, over the positions that a mask keeps: for text i,
    /// −Σⱼ maskᵢⱼ·ln pᵢⱼ(targetᵢⱼ) / Σⱼ maskᵢⱼ. Its mean over a padded batch is the mean of the losses of the texts one by one,
    /// however long each is. Padding contributes exactly 0 to value and derivatives, as long as the logits there are finite; a
    /// text that is padding alone has the loss 0.
    /// </summary>
    /// <param name="logits">Scores of shape [..., positions, classes].</param>
    /// <param name="targets">The right classes, whole numbers from 0 to classes − 1, of shape [..., positions]; masked ones too.</param>
    /// <param name="mask">1 where a position counts, 0 elsewhere, of shape [..., positions].</param>
    /// <returns>An expression of shape [...].</returns>
    /// <exception cref="ShapeException">The targets or the mask do not have the shape of the logits without its last axis, or
    /// there is no axis of positions.</exception>
    /// <exception cref="IndexOutsideException">At evaluation: a target is no class.</exception>
    /// <example><code>
    /// Expr logits = Tensor.Of([2, 2, 2], [0.0, 1000, 1000, 0, 0.0, 1000, 1000, 0]);
    /// var (targets, mask) = (Tensor.Of([2, 2], [0.0, 0, 1, 1]), Tensor.Of([2, 2], [1.0, 0, 1, 1]));
    /// Loss.CrossEntropyByText(logits, targets, mask).Evaluate();      // [1000, 500]
    /// </code></example>
    public static Expr CrossEntropyByText(Expr logits, Expr targets, Expr mask)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        RequireSameShape(targets, mask, "cross-entropy", "targets", "a mask");
        if (targets.Shape.IsScalar)
        {
            throw new ShapeException(
                $"cross-entropy by text: targets of shape {targets.Shape} have no axis of positions; give [..., positions], or use Loss.CrossEntropy for one of them");
        }

        // Weights and not a choice: numbers at the padding are finite, and a choice would have to be guarded all the way back.
        var counts = Expr.NotEqual(mask, 0);
        return (counts * Surprise(logits, targets)).Sum(-1) / Expr.Maximum(counts.Sum(-1), 1);
    }

    /// <summary>The sum of squares Σ p² over all entries of some expressions: the penalty of weight decay, times its strength.</summary>
    /// <param name="expressions">Usually parameters.</param>
    /// <example><code>
    /// Loss.SumOfSquares([Tensor.Of(3.0, 4), 2.0]).Evaluate();      // 29
    /// </code></example>
    public static Expr SumOfSquares(params ReadOnlySpan<Expr> expressions)
    {
        Expr sum = 0;
        for (var i = 0; i < expressions.Length; i++)
        {
            var squares = (expressions[i] * expressions[i]).Sum();
            sum = i == 0 ? squares : sum + squares;
        }

        return sum;
    }

    // −ln p(target) for each row of the logits.
    private static Expr Surprise(Expr logits, Expr targets)
    {
        if (logits.Shape.IsScalar || logits.Shape.Without([logits.Shape.Rank - 1]) != targets.Shape)
        {
            throw new ShapeException(
                $"cross-entropy: logits of shape {logits.Shape} and targets of shape {targets.Shape} do not fit; logits have the shape of the targets and a last axis of one score for each class");
        }

        // Looked up among the classes, so that a target which is none is an error and not an entry of another row.
        var classes = logits.Shape[-1];
        Expr known = Constant(classes, i => i);
        var places = known.Gather(targets, 0).Reshape([targets.Shape.Size]) + Constant(targets.Shape.Size, i => (double)i * classes);
        return -logits.LogSoftmax(-1).Reshape([logits.Shape.Size]).Gather(places, 0).Reshape(targets.Shape);

        static Expr Constant(int count, Func<int, double> value) => Tensor.Generate([count], value);
    }

    private static void RequireSameShape(Expr left, Expr right, string loss, string lefts, string rights)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Shape != right.Shape)
        {
            throw new ShapeException(
                $"{loss}: {lefts} of shape {left.Shape} and {rights} of shape {right.Shape}; the shapes must agree, so reshape one of them");
        }
    }
}
