using System.Linq.Expressions;

namespace FunctionalGrad;

/// <summary>
/// How values of one type are taken apart and put together: as code, for calls, and step by step with the path of each
/// leaf, for names and errors.
/// </summary>
internal abstract class StructurePart(Type formula, Type numbers, Type kind)
{
    public Type Formula => formula;

    public Type Numbers => numbers;

    public Type Kind => kind;

    /// <summary>The types inside, with the step of the path that leads to each.</summary>
    public virtual IEnumerable<(string Step, Type Formula, Type Numbers)> Inner => [];

    /// <summary>Code that puts the leaves of a value into a sink.</summary>
    public abstract Expression Read(Expression value, ParameterExpression sink);

    /// <summary>Code for a value of the same form with leaves from a source.</summary>
    public abstract Expression Copy(Expression value, ParameterExpression source, bool toFormula);

    /// <summary>Lists everything that decides the form, with its path.</summary>
    public abstract void List(object? value, string path, List<Entry> entries);

    /// <summary>The type that a copy has.</summary>
    protected Type Target(bool toFormula) => toFormula ? formula : numbers;

    protected static void List(Type formula, Type numbers, Type kind, object? value, string path, List<Entry> entries) =>
        ((StructurePart)WalkOf(formula, numbers, kind).GetProperty("Part")!.GetValue(null)!).List(value, path, entries);

    protected Expression ReadInner(Type innerFormula, Type innerNumbers, Expression value, ParameterExpression sink) =>
        Anatomy.Of(innerFormula, innerNumbers, kind, "") is (LeafPart or CarriedPart) and var part
            ? part.Read(value, sink)
            : Expression.Invoke(Expression.Property(null, WalkOf(innerFormula, innerNumbers, kind), "Read"), value, sink);

    protected Expression CopyInner(Type innerFormula, Type innerNumbers, Expression value, ParameterExpression source, bool toFormula) =>
        Anatomy.Of(innerFormula, innerNumbers, kind, "") is (LeafPart or CarriedPart) and var part
            ? part.Copy(value, source, toFormula)
            : Expression.Invoke(
                Expression.Property(null, WalkOf(innerFormula, innerNumbers, kind), toFormula ? "ToFormula" : "ToNumbers"), value, source);

    protected static Expression Marked(ParameterExpression sink, int part) =>
        Expression.Call(sink, nameof(LeafSink.Mark), null, Expression.Constant(part));

    /// <summary>The code for what is absent where a value is null, and other code elsewhere.</summary>
    protected static Expression UnlessNull(Expression value, Expression ifNull, Expression otherwise) =>
        value.Type.IsValueType ? otherwise
            : Expression.Condition(Expression.ReferenceEqual(value, Expression.Constant(null, value.Type)), ifNull, otherwise);

    protected static Type WalkOf(Type formula, Type numbers, Type kind) => typeof(Walk<,,>).MakeGenericType(formula, numbers, kind);
}

/// <summary>One thing that decides the form of a structure: a leaf, or a length, a case or a plain member.</summary>
internal readonly record struct Entry(string Path, object? Value, bool IsLeaf);

/// <summary>A tensor, a number or an expression.</summary>
internal sealed class LeafPart(Type formula, Type numbers, Type kind) : StructurePart(formula, numbers, kind)
{
    public override Expression Read(Expression value, ParameterExpression sink) => Expression.Call(
        sink,
        Numbers == typeof(double) ? nameof(LeafSink.AddDouble) : Numbers == typeof(float) ? nameof(LeafSink.AddSingle) : nameof(LeafSink.Add),
        null,
        value);

    public override Expression Copy(Expression value, ParameterExpression source, bool toFormula)
    {
        var target = Target(toFormula);
        return target == typeof(double) ? Expression.Call(source, nameof(LeafSource.NextDouble), null)
            : target == typeof(float) ? Expression.Call(source, nameof(LeafSource.NextSingle), null)
            : Expression.Convert(
                Numbers.IsValueType ? Expression.Call(source, nameof(LeafSource.NextOf), null)
                    : Expression.Call(source, nameof(LeafSource.Next), null, value),
                target);
    }

    public override void List(object? value, string path, List<Entry> entries) => entries.Add(new(path, value, value is not null));
}

/// <summary>Something without leaves: it goes along as it is.</summary>
internal sealed class CarriedPart(Type formula, Type numbers, Type kind) : StructurePart(formula, numbers, kind)
{
    // What a formula may have been written by. Other objects may be made anew for each call, and say nothing by being others.
    private bool Decides => Numbers.IsPrimitive || Numbers.IsEnum || Numbers == typeof(string);

    public override Expression Read(Expression value, ParameterExpression sink) =>
        Decides ? Expression.Call(sink, nameof(LeafSink.MarkMember), [Numbers], value) : Expression.Empty();

    public override Expression Copy(Expression value, ParameterExpression source, bool toFormula) => value;

    public override void List(object? value, string path, List<Entry> entries)
    {
        if (Decides)
        {
            entries.Add(new(path, value, false));
        }
    }
}
