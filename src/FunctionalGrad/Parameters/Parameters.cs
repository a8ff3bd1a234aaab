using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// Structures of tensors as vectors: maps over their leaves, and the variables that stand for them. See
/// <see cref="Differentiate"/> for gradients of functions of structures.
/// </summary>
/// <remarks>
/// The leaves of a structure that is generic, a tuple or an array are what stands for its type arguments or items: tensors,
/// numbers and expressions. Those of another are its expressions or, where it has none, its tensors. The rest is carried along.
/// </remarks>
/// <example><code>
/// var at = (Weight: Tensor.Of(1.0, 2.0), Bias: (Tensor&lt;double>)0.5);
/// var gradient = (Weight: Tensor.Of(10.0, 20.0), Bias: (Tensor&lt;double>)1.0);
/// Parameters.Move(at, -0.1, gradient);                                                          // ([0, 0], 0.4)
/// Parameters.Map(at, (Tensor&lt;double> leaf) => 2 * leaf);                                      // ([2, 4], 1)
/// Parameters.Leaves&lt;(Tensor&lt;double>, Tensor&lt;double>), Tensor&lt;double>>(at)[1].Path;      // Item2
/// </code></example>
public static class Parameters
{
    /// <summary>The leaves of a structure as variables, named by their paths.</summary>
    /// <typeparam name="TFormula">The structure with expressions.</typeparam>
    /// <typeparam name="TNumbers">The structure with numbers.</typeparam>
    /// <param name="like">A structure with the form and the shapes wanted; its numbers do not count.</param>
    /// <exception cref="ParametersException">The types cannot be taken apart; the message names the member and says what can.</exception>
    public static Parameters<TFormula, TNumbers> Of<TFormula, TNumbers>(TNumbers like) => new(like);

    /// <summary>The leaves of a structure with their paths, in order.</summary>
    /// <typeparam name="TStructure">The structure.</typeparam>
    /// <typeparam name="TLeaf">What its leaves are: tensors of a precision, or expressions. A number counts as a tensor.</typeparam>
    /// <param name="structure">The structure.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart, or has leaves of another kind.</exception>
    public static ImmutableArray<(string Path, TLeaf Leaf)> Leaves<TStructure, TLeaf>(TStructure structure)
        where TLeaf : class, IVector<TLeaf>
    {
        ArgumentNullException.ThrowIfNull(structure);
        var (paths, leaves) = (Way<TStructure>.Known.Paths(structure), Way<TStructure>.Known.Read(structure));
        return [.. paths.Select((path, i) => (path.TrimStart('.'), LeafAs<TStructure, TLeaf>(leaves[i], structure, i)))];
    }

    /// <summary>The structure with every leaf replaced by what a function makes of it.</summary>
    /// <typeparam name="TStructure">The structure.</typeparam>
    /// <typeparam name="TLeaf">What its leaves are: tensors of a precision, or expressions. A number counts as a tensor.</typeparam>
    /// <param name="structure">The structure.</param>
    /// <param name="function">A pure function.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart, or has leaves of another kind.</exception>
    public static TStructure Map<TStructure, TLeaf>(TStructure structure, Func<TLeaf, TLeaf> function)
        where TLeaf : class, IVector<TLeaf>
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(function);
        var leaves = Way<TStructure>.Known.Read(structure);
        var mapped = new object[leaves.Length];
        for (var i = 0; i < mapped.Length; i++)
        {
            mapped[i] = function(LeafAs<TStructure, TLeaf>(leaves[i], structure, i));
        }

        return Way<TStructure>.Known.Copy(structure, mapped);
    }

    /// <summary>The structure with every leaf replaced by what a function makes of it and its counterpart in another.</summary>
    /// <typeparam name="TStructure">The structure.</typeparam>
    /// <typeparam name="TLeaf">What its leaves are: tensors of a precision, or expressions. A number counts as a tensor.</typeparam>
    /// <param name="left">A structure; what is not a leaf comes from here.</param>
    /// <param name="right">A structure of the same form.</param>
    /// <param name="function">A pure function.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart, has leaves of another kind, or the forms differ.</exception>
    /// <example><code>
    /// // A step of gradient descent with a rate of its own for each leaf.
    /// var at = new[] { Tensor.Of(1.0, 2.0), Tensor.Of(3.0) };
    /// var gradient = new[] { Tensor.Of(10.0, 10.0), Tensor.Of(20.0) };
    /// Parameters.Zip(at, gradient, (Tensor&lt;double> p, Tensor&lt;double> g) => p - 1.0 / g.Size * g)[0];      // [-4, -3]
    /// </code></example>
    public static TStructure Zip<TStructure, TLeaf>(TStructure left, TStructure right, Func<TLeaf, TLeaf, TLeaf> function)
        where TLeaf : class, IVector<TLeaf>
    {
        ArgumentNullException.ThrowIfNull(function);
        return Combine(left, right, (a, b, i) => function(LeafAs<TStructure, TLeaf>(a, left, i), LeafAs<TStructure, TLeaf>(b, right, i)));
    }

    /// <summary>The structure moved along another: p + rate·v in every leaf. A step of gradient descent has a negative rate.</summary>
    /// <typeparam name="TStructure">The structure.</typeparam>
    /// <param name="from">Where from.</param>
    /// <param name="rate">How far.</param>
    /// <param name="along">A structure of the same form, such as a gradient.</param>
    /// <exception cref="ParametersException">The type cannot be taken apart, or the forms differ.</exception>
    public static TStructure Move<TStructure>(TStructure from, double rate, TStructure along) => Combine(from, along, (a, b, i) => (a, b) switch
    {
        (Tensor<double> p, Tensor<double> v) => p + rate * v,
        (Tensor<float> p, Tensor<float> v) => p + rate * v,
        _ => (object)((Expr)a + (rate * (Expr)b)),
    });

    private static TStructure Combine<TStructure>(TStructure left, TStructure right, Func<object, object, int, object> function)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var way = Way<TStructure>.Known;
        var (ofLeft, ofRight) = (way.Read(left), way.Read(right));
        if (ofLeft.Length != ofRight.Length)
        {
            var (onLeft, onRight) = (way.Paths(left), way.Paths(right));
            throw new ParametersException(
                $"parameters: two structures {Anatomy.NameOf(typeof(TStructure))} have {ofLeft.Length} and {ofRight.Length} leaves, and only one has {onLeft.Except(onRight).Concat(onRight.Except(onLeft)).First().TrimStart('.')}; combine structures of one form");
        }

        var combined = new object[ofLeft.Length];
        for (var i = 0; i < combined.Length; i++)
        {
            combined[i] = function(ofLeft[i], ofRight[i], i);
        }

        return way.Copy(left, combined);
    }

    private static TLeaf LeafAs<TStructure, TLeaf>(object leaf, TStructure structure, int place)
        where TLeaf : class => leaf as TLeaf
        ?? throw new ParametersException(
            $"parameters: {Anatomy.NameOf(typeof(TStructure))}{Way<TStructure>.Known.Paths(structure)[place]} is a {Anatomy.NameOf(leaf.GetType())}, and the function takes a {Anatomy.NameOf(typeof(TLeaf))}; write it for that");

    /// <summary>The way through structures of a type of which nothing else is known: what its leaves are follows from the type.</summary>
    private abstract class Way<TStructure>
    {
        private static Way<TStructure>? _known;

        public static Way<TStructure> Known => _known ??= Find();

        public abstract object[] Read(TStructure structure);

        public abstract TStructure Copy(TStructure like, object[] leaves);

        public abstract string[] Paths(TStructure structure);

        private static Way<TStructure> Find()
        {
            var type = typeof(TStructure);
            var formula = Anatomy.FormulaOf(type);
            var kind = formula != type || Anatomy.MayHold(type, typeof(ExpressionLeaves), derived: false, [])
                ? typeof(ExpressionLeaves)
                : typeof(TensorLeaves);
            return (Way<TStructure>)Activator.CreateInstance(typeof(WayOf<,,>).MakeGenericType(type, formula, kind))!;
        }
    }

    private sealed class WayOf<TStructure, TFormula, TKind> : Way<TStructure>
        where TKind : struct, ILeafKind
    {
        public override object[] Read(TStructure structure)
        {
            Walk<TFormula, TStructure, TKind>.Verify();
            var sink = new LeafSink(0);
            Walk<TFormula, TStructure, TKind>.Read(structure, sink);
            return sink.ToOwnedArray();
        }

        public override TStructure Copy(TStructure like, object[] leaves) => Walk<TFormula, TStructure, TKind>.ToNumbers(like, new(leaves));

        public override string[] Paths(TStructure structure)
        {
            Walk<TFormula, TStructure, TKind>.Verify();
            return [.. Walk<TFormula, TStructure, TKind>.List(structure).Where(entry => entry.IsLeaf).Select(entry => entry.Path)];
        }
    }
}
