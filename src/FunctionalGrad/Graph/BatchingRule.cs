namespace FunctionalGrad;

/// <summary>
/// What a primitive makes of a whole batch of examples at once: of operands that hold one value for each example along a
/// leading axis, and of operands that all examples share.
/// </summary>
/// <param name="application">The node for one example. Its inputs tell shapes; their values are not those of the batch.</param>
/// <param name="operands">The operands: batched ones of shape [size, s…] where the node's input has shape [s…], the others
/// of that shape itself.</param>
/// <param name="batched">Which operands are batched; at least one is.</param>
/// <param name="size">The number of examples, which may be 0.</param>
/// <returns>The values of all examples, of shape [size, v…] where the node has shape [v…].</returns>
public delegate Expr BatchingRule(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size);
