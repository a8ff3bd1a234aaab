using System.Numerics;

namespace FunctionalGrad;

/// <summary>A structure at one form: its variables, and the ways from structures of that form to tensors and back.</summary>
internal sealed class Leaves<TFormula, TNumbers, TKind>
    where TKind : struct, ILeafKind
{
    private readonly TNumbers _like;
    private readonly object[] _old;
    private readonly int _form;

    public Leaves(TNumbers like)
    {
        ArgumentNullException.ThrowIfNull(like);
        Walk<TFormula, TNumbers, TKind>.Verify();
        _like = like;

        // Listing comes first: it knows the paths that an error should name.
        var entries = Walk<TFormula, TNumbers, TKind>.List(like).Where(entry => entry.IsLeaf).ToArray();
        var sink = new LeafSink(entries.Length);
        Walk<TFormula, TNumbers, TKind>.Read(like, sink);
        (_old, _form) = (sink.ToOwnedArray(), sink.Form);
        Keys = VariableKeys.Of([.. entries.Select((entry, i) => Expr.Variable(NameOf(entry.Path), ShapeOf(_old[i])))], "parameters");
        Formula = typeof(TKind) == typeof(ExpressionLeaves) ? Formulas([.. Keys.Variables]) : default!;
    }

    public VariableKeys Keys { get; }

    /// <summary>The structure with the variables as its leaves.</summary>
    public TFormula Formula { get; }

    /// <summary>Whether all numbers are of single precision, so that nothing is gained by double.</summary>
    public bool IsSingle => _old.Length > 0 && Array.TrueForAll(_old, leaf => leaf is Tensor<float>);

    /// <summary>The leaves of a structure of the same form.</summary>
    /// <exception cref="ParametersException">Its form is another, or a shape is.</exception>
    public object[] Read(TNumbers numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        var sink = new LeafSink(_old.Length);
        Walk<TFormula, TNumbers, TKind>.Read(numbers, sink);
        if (sink.Count != _old.Length || sink.Form != _form)
        {
            throw Differs(numbers);
        }

        var leaves = sink.Leaves;
        for (var i = 0; i < leaves.Length; i++)
        {
            if (ShapeOf(leaves[i]) is var shape && !ReferenceEquals(shape, Keys.Variables[i].Shape) && shape != Keys.Variables[i].Shape)
            {
                throw new ParametersException(
                    $"parameters: {Anatomy.NameOf(typeof(TNumbers))}.{Keys.Variables[i].Name} has shape {shape}, and shape {Keys.Variables[i].Shape} in the structure that the variables were made for; give the same shape, or start again from this structure");
            }
        }

        return sink.ToOwnedArray();
    }

    public Point<T> ToPoint<T>(object[] leaves)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        Point<T>.FromMap(new GradientMap<Tensor<T>>(Keys, Array.ConvertAll(leaves, TensorOf<T>)));

    /// <summary>A structure of this form with other numbers.</summary>
    public TNumbers Numbers<T>(ReadOnlySpan<Tensor<T>> values)
        where T : struct, IBinaryFloatingPointIeee754<T> => NumbersLike(_like, values);

    /// <summary>A structure of this form with other numbers, what is not a leaf being taken from a structure.</summary>
    public TNumbers NumbersLike<T>(TNumbers like, ReadOnlySpan<Tensor<T>> values)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var leaves = new object[values.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = Like(_old[i], values[i]);
        }

        return Walk<TFormula, TNumbers, TKind>.ToNumbers(like, new(leaves));
    }

    public TFormula Formulas(Expr[] leaves) => Walk<TFormula, TNumbers, TKind>.ToFormula(_like, new(leaves));

    public static Tensor<T> TensorOf<T>(object leaf)
        where T : struct, IBinaryFloatingPointIeee754<T> => leaf switch
        {
            Tensor<T> same => same,
            Tensor<double> wide => wide.To<T>(),
            Tensor<float> narrow => narrow.To<T>(),
            _ => Interpreter<T>.Evaluate([(Expr)leaf], Point<T>.Empty)[0],
        };

    public static Shape ShapeOf(object leaf) => leaf switch
    {
        Tensor<double> wide => wide.Shape,
        Tensor<float> narrow => narrow.Shape,
        _ => ((Expr)leaf).Shape,
    };

    // In the precision that the structure has there.
    private static object Like<T>(object old, Tensor<T> value)
        where T : struct, IBinaryFloatingPointIeee754<T> => old switch
        {
            Tensor<double> => value.To<double>(),
            Tensor<float> => value.To<float>(),
            _ => Expr.Constant(value.To<double>()),
        };

    // A structure that is itself one tensor has no member to be named by.
    private static string NameOf(string path) => path.Length == 0 ? "x" : path.TrimStart('.');

    private ParametersException Differs(TNumbers numbers)
    {
        var (then, now) = (Walk<TFormula, TNumbers, TKind>.List(_like), Walk<TFormula, TNumbers, TKind>.List(numbers));
        var name = Anatomy.NameOf(typeof(TNumbers));
        for (var i = 0; i < Math.Max(then.Count, now.Count); i++)
        {
            var (before, after) = (i < then.Count ? then[i] : default, i < now.Count ? now[i] : default);
            if (before.Path != after.Path || before.IsLeaf != after.IsLeaf || (!before.IsLeaf && !Equals(before.Value, after.Value)))
            {
                var difference = before.Path == after.Path
                    ? $"{name}{after.Path} is {Text(after)} here and {Text(before)} in the structure that the variables were made for"
                    : $"a {name} has {after.Path ?? "nothing"} here where the structure that the variables were made for has {before.Path ?? "nothing"}";
                return new(
                    $"parameters: {difference}; what is not a tensor is part of the formula, so start again from this structure, or keep what changes outside it");
            }
        }

        return new($"parameters: a {name} is of another form than the one that the variables were made for; start again from this structure");
    }

    private static string Text(Entry entry) => entry.IsLeaf ? "a tensor" : entry.Value?.ToString() ?? "null";
}
