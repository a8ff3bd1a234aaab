using System.Linq.Expressions;

namespace FunctionalGrad;

/// <summary>
/// The way through structures of one type, found once for each type and kept as compiled code: a call reflects on nothing.
/// Where code cannot be made at run time, the same plan is interpreted.
/// </summary>
/// <typeparam name="TFormula">The structure with expressions.</typeparam>
/// <typeparam name="TNumbers">The structure with numbers.</typeparam>
/// <typeparam name="TKind">What counts as a leaf.</typeparam>
internal static class Walk<TFormula, TNumbers, TKind>
    where TKind : struct, ILeafKind
{
    // Each is made at its first use; two threads may make it twice, to the same effect.
    private static StructurePart? _part;
    private static Action<TNumbers, LeafSink>? _read;
    private static Func<TNumbers, LeafSource, TFormula>? _toFormula;
    private static Func<TNumbers, LeafSource, TNumbers>? _toNumbers;
    private static bool _verified;

    public static StructurePart Part => _part ??= Anatomy.Of(typeof(TFormula), typeof(TNumbers), typeof(TKind), Anatomy.NameOf(typeof(TNumbers)));

    public static Action<TNumbers, LeafSink> Read => _read ??= CompileRead();

    public static Func<TNumbers, LeafSource, TFormula> ToFormula => _toFormula ??= CompileCopy<TFormula>(toFormula: true);

    public static Func<TNumbers, LeafSource, TNumbers> ToNumbers => _toNumbers ??= CompileCopy<TNumbers>(toFormula: false);

    /// <summary>Throws where something inside cannot be taken apart.</summary>
    public static void Verify()
    {
        if (!_verified)
        {
            Anatomy.Verify(typeof(TFormula), typeof(TNumbers), typeof(TKind));
            _verified = true;
        }
    }

    /// <summary>Everything that decides the form of a structure, with paths. For what is done once and for errors: it reflects.</summary>
    public static List<Entry> List(TNumbers value)
    {
        var entries = new List<Entry>();
        Part.List(value, "", entries);
        return entries;
    }

    private static Action<TNumbers, LeafSink> CompileRead()
    {
        var (value, sink) = (Expression.Parameter(typeof(TNumbers)), Expression.Parameter(typeof(LeafSink)));
        return Expression.Lambda<Action<TNumbers, LeafSink>>(Part.Read(value, sink), value, sink).Compile();
    }

    private static Func<TNumbers, LeafSource, TTarget> CompileCopy<TTarget>(bool toFormula)
    {
        var (value, source) = (Expression.Parameter(typeof(TNumbers)), Expression.Parameter(typeof(LeafSource)));
        return Expression.Lambda<Func<TNumbers, LeafSource, TTarget>>(Part.Copy(value, source, toFormula), value, source).Compile();
    }
}
