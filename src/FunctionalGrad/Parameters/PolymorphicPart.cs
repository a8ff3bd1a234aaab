using System.Collections.Concurrent;
using System.Linq.Expressions;

namespace FunctionalGrad;

/// <summary>A type that others derive from: a value of it is walked as what it really is.</summary>
internal sealed class PolymorphicPart(StructurePart? exact, Type formula, Type numbers, Type kind) : StructurePart(formula, numbers, kind)
{
    // Without an exact part there are no values of the very type.
    public override IEnumerable<(string Step, Type Formula, Type Numbers)> Inner => exact?.Inner ?? [];

    private Type Dispatcher => typeof(Dispatch<,,>).MakeGenericType(Formula, Numbers, Kind);

    public override Expression Read(Expression value, ParameterExpression sink)
    {
        var variable = Expression.Variable(value.Type);
        var dispatched = Expression.Call(Dispatcher, "Read", null, variable, sink);
        return Expression.Block(
            typeof(void),
            [variable],
            Expression.Assign(variable, value),
            UnlessNull(
                variable,
                Marked(sink, 0),
                exact is null ? dispatched : Expression.IfThenElse(Expression.TypeEqual(variable, Numbers), exact.Read(variable, sink), dispatched)));
    }

    public override Expression Copy(Expression value, ParameterExpression source, bool toFormula)
    {
        var variable = Expression.Variable(value.Type);
        var dispatched = Expression.Call(Dispatcher, toFormula ? "ToFormula" : "ToNumbers", null, variable, source);
        return Expression.Block(
            Target(toFormula),
            [variable],
            Expression.Assign(variable, value),
            UnlessNull(
                variable,
                Expression.Default(Target(toFormula)),
                exact is null ? dispatched
                    : Expression.Condition(Expression.TypeEqual(variable, Numbers), exact.Copy(variable, source, toFormula), dispatched)));
    }

    public override void List(object? value, string path, List<Entry> entries)
    {
        if (value is null || (exact is not null && value.GetType() == Numbers))
        {
            if (exact is not null)
            {
                exact.List(value, path, entries);
            }
            else
            {
                entries.Add(new(path, null, false));
            }

            return;
        }

        var actual = value.GetType();
        entries.Add(new($"{path}.Type", actual, false));
        var counterpart = Anatomy.Counterpart(Formula, Numbers, actual, path);
        Anatomy.Verify(counterpart, actual, Kind, path);
        List(counterpart, actual, Kind, value, path, entries);
    }
}

/// <summary>The ways through the types that values of one type really have, each found at its first value.</summary>
internal static class Dispatch<TFormula, TNumbers, TKind>
    where TKind : struct, ILeafKind
{
    private static readonly ConcurrentDictionary<Type, Way> Ways = new();

    public static void Read(TNumbers value, LeafSink sink)
    {
        sink.Mark(value!.GetType().GetHashCode());
        WayOf(value).Read(value, sink);
    }

    public static TFormula ToFormula(TNumbers value, LeafSource source) => WayOf(value).ToFormula(value, source);

    public static TNumbers ToNumbers(TNumbers value, LeafSource source) => WayOf(value).ToNumbers(value, source);

    private static Way WayOf(TNumbers value) => Ways.GetOrAdd(value!.GetType(), static type =>
    {
        var counterpart = Anatomy.Counterpart(typeof(TFormula), typeof(TNumbers), type, "");
        Anatomy.Verify(counterpart, type, typeof(TKind));
        return (Way)Activator.CreateInstance(
            typeof(ActualWay<,>).MakeGenericType(typeof(TFormula), typeof(TNumbers), typeof(TKind), counterpart, type))!;
    });

    private abstract class Way
    {
        public abstract void Read(TNumbers value, LeafSink sink);

        public abstract TFormula ToFormula(TNumbers value, LeafSource source);

        public abstract TNumbers ToNumbers(TNumbers value, LeafSource source);
    }

    private sealed class ActualWay<TActualFormula, TActual> : Way
        where TActualFormula : TFormula
        where TActual : TNumbers
    {
        public override void Read(TNumbers value, LeafSink sink) => Walk<TActualFormula, TActual, TKind>.Read((TActual)value!, sink);

        public override TFormula ToFormula(TNumbers value, LeafSource source) =>
            Walk<TActualFormula, TActual, TKind>.ToFormula((TActual)value!, source);

        public override TNumbers ToNumbers(TNumbers value, LeafSource source) =>
            Walk<TActualFormula, TActual, TKind>.ToNumbers((TActual)value!, source);
    }
}
