using System.Collections;
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>An array or a list: items in order.</summary>
internal sealed class SequencePart(Type formula, Type numbers, Type kind) : StructurePart(formula, numbers, kind)
{
    private const string FSharpList = "Microsoft.FSharp.Collections.FSharpList`1";

    private static readonly Type[] Interfaces =
    [
        typeof(IEnumerable<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>), typeof(ICollection<>), typeof(IList<>), typeof(IImmutableList<>),
    ];

    private readonly Type _innerFormula = ItemOf(formula)!;
    private readonly Type _innerNumbers = ItemOf(numbers)!;

    public override IEnumerable<(string Step, Type Formula, Type Numbers)> Inner => [("[i]", _innerFormula, _innerNumbers)];

    /// <summary>The type of the items, where a type is a sequence of them.</summary>
    public static Type? ItemOf(Type type)
    {
        if (type.IsSZArray)
        {
            return type.GetElementType();
        }

        if (!type.IsGenericType)
        {
            return null;
        }

        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(ImmutableArray<>) || definition == typeof(ImmutableList<>) || definition == typeof(List<>)
            || definition.FullName == FSharpList || Interfaces.Contains(definition)
            ? type.GetGenericArguments()[0]
            : null;
    }

    public override Expression Read(Expression value, ParameterExpression sink) =>
        Expression.Call(typeof(Items<,,>).MakeGenericType(_innerFormula, _innerNumbers, Kind), "Read", null, ToArray(value), sink);

    public override Expression Copy(Expression value, ParameterExpression source, bool toFormula) => FromArray(
        Expression.Call(
            typeof(Items<,,>).MakeGenericType(_innerFormula, _innerNumbers, Kind), toFormula ? "ToFormula" : "ToNumbers", null, ToArray(value), source),
        Target(toFormula));

    public override void List(object? value, string path, List<Entry> entries)
    {
        if (value is null || IsDefault(value))
        {
            entries.Add(new($"{path}.Count", null, false));
            return;
        }

        var items = ((IEnumerable)value).Cast<object?>().ToArray();
        entries.Add(new($"{path}.Count", items.Length, false));
        for (var i = 0; i < items.Length; i++)
        {
            List(_innerFormula, _innerNumbers, Kind, items[i], $"{path}[{i}]", entries);
        }
    }

    // An immutable array that was never made has no items to ask for.
    private static bool IsDefault(object value) =>
        value.GetType().IsValueType && value.Equals(Activator.CreateInstance(value.GetType()));

    private Expression ToArray(Expression value) =>
        value.Type.IsSZArray ? value
        : value.Type.IsValueType ? Expression.Call(typeof(ImmutableCollectionsMarshal), nameof(ImmutableCollectionsMarshal.AsArray), [_innerNumbers], value)
        : UnlessNull(
            value,
            Expression.Constant(null, _innerNumbers.MakeArrayType()),
            Expression.Call(typeof(Enumerable), nameof(Enumerable.ToArray), [_innerNumbers], value));

    private static Expression FromArray(Expression array, Type target)
    {
        var item = array.Type.GetElementType()!;
        if (target.IsSZArray)
        {
            return array;
        }

        if (target.IsValueType)
        {
            return Expression.Call(typeof(ImmutableCollectionsMarshal), nameof(ImmutableCollectionsMarshal.AsImmutableArray), [item], array);
        }

        var items = Expression.Variable(array.Type);
        var definition = target.GetGenericTypeDefinition();
        Expression made =
            definition == typeof(ImmutableList<>) ? Expression.Call(
                typeof(ImmutableList), nameof(ImmutableList.CreateRange), [item], Expression.Convert(items, typeof(IEnumerable<>).MakeGenericType(item)))
            : definition == typeof(List<>) ? Expression.New(
                target.GetConstructor([typeof(IEnumerable<>).MakeGenericType(item)])!, items)
            : definition.FullName == FSharpList ? Expression.Call(
                target.Assembly.GetType("Microsoft.FSharp.Collections.ListModule")!.GetMethod("OfArray")!.MakeGenericMethod(item), items)
            : Expression.Convert(
                Expression.Call(typeof(ImmutableCollectionsMarshal), nameof(ImmutableCollectionsMarshal.AsImmutableArray), [item], items), target);
        return Expression.Block(
            target, [items], Expression.Assign(items, array), UnlessNull(items, Expression.Default(target), Expression.Convert(made, target)));
    }
}

/// <summary>Walks over items; what is compiled for sequences calls these.</summary>
internal static class Items<TFormula, TNumbers, TKind>
    where TKind : struct, ILeafKind
{
    public static void Read(TNumbers[]? items, LeafSink sink)
    {
        sink.Mark(items is null ? 0 : items.Length + 1);
        if (items is not null)
        {
            var read = Walk<TFormula, TNumbers, TKind>.Read;
            foreach (var item in items)
            {
                read(item, sink);
            }
        }
    }

    public static TFormula[]? ToFormula(TNumbers[]? items, LeafSource source) => Copy(items, source, Walk<TFormula, TNumbers, TKind>.ToFormula);

    public static TNumbers[]? ToNumbers(TNumbers[]? items, LeafSource source) => Copy(items, source, Walk<TFormula, TNumbers, TKind>.ToNumbers);

    private static TTarget[]? Copy<TTarget>(TNumbers[]? items, LeafSource source, Func<TNumbers, LeafSource, TTarget> copy)
    {
        if (items is null)
        {
            return null;
        }

        var copies = new TTarget[items.Length];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = copy(items[i], source);
        }

        return copies;
    }
}
