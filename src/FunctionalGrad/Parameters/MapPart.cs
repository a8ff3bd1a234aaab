using System.Collections.Immutable;
using System.Linq.Expressions;

namespace FunctionalGrad;

/// <summary>A dictionary. Its leaves come in the order of the keys, which does not depend on how it was made.</summary>
internal sealed class MapPart : StructurePart
{
    private const string FSharpMap = "Microsoft.FSharp.Collections.FSharpMap`2";

    private static readonly Dictionary<Type, string> Makers = new()
    {
        [typeof(ImmutableDictionary<,>)] = nameof(Maps.ImmutableDictionary),
        [typeof(ImmutableSortedDictionary<,>)] = nameof(Maps.ImmutableSortedDictionary),
        [typeof(Dictionary<,>)] = nameof(Maps.Dictionary),
        [typeof(IReadOnlyDictionary<,>)] = nameof(Maps.ReadOnlyDictionary),
        [typeof(IImmutableDictionary<,>)] = nameof(Maps.InterfaceOfImmutable),
    };

    private readonly Type _key;
    private readonly Type _innerFormula;
    private readonly Type _innerNumbers;

    public MapPart(Type formula, Type numbers, Type kind)
        : base(formula, numbers, kind)
    {
        (_key, _innerNumbers) = EntryOf(numbers)!.Value;
        _innerFormula = EntryOf(formula)!.Value.Value;
    }

    public override IEnumerable<(string Step, Type Formula, Type Numbers)> Inner => [("[key]", _innerFormula, _innerNumbers)];

    private Type Walker => typeof(Entries<,,,>).MakeGenericType(_key, _innerFormula, _innerNumbers, Kind);

    /// <summary>The types of keys and values, where a type is a dictionary.</summary>
    public static (Type Key, Type Value)? EntryOf(Type type)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition is not null && (Makers.ContainsKey(definition) || definition.FullName == FSharpMap)
            ? (type.GetGenericArguments()[0], type.GetGenericArguments()[1])
            : null;
    }

    /// <summary>Whether keys of a type have an order.</summary>
    public static bool IsOrdered(Type key) => key == typeof(string) || key.IsEnum || typeof(IComparable).IsAssignableFrom(key)
        || typeof(IComparable<>).MakeGenericType(key).IsAssignableFrom(key);

    public override Expression Read(Expression value, ParameterExpression sink) => Expression.Call(Walker, "Read", null, Pairs(value), sink);

    public override Expression Copy(Expression value, ParameterExpression source, bool toFormula)
    {
        var target = Target(toFormula);
        var inner = toFormula ? _innerFormula : _innerNumbers;
        var pairs = Expression.Call(Walker, toFormula ? "ToFormula" : "ToNumbers", null, Pairs(value), source);
        var definition = target.GetGenericTypeDefinition();
        Expression made = definition.FullName == FSharpMap
            ? Expression.New(
                target.GetConstructors().Single(constructor => constructor.GetParameters() is [{ ParameterType.IsInterface: true }]),
                Expression.Call(typeof(Maps), nameof(Maps.Tuples), [_key, inner], pairs))
            : Expression.Call(typeof(Maps), Makers[definition], [_key, _innerNumbers, inner], value, pairs);
        return UnlessNull(value, Expression.Default(target), Expression.Convert(made, target));
    }

    public override void List(object? value, string path, List<Entry> entries)
    {
        if (value is null)
        {
            entries.Add(new($"{path}.Count", null, false));
            return;
        }

        var pairs = (Array)Walker.GetMethod("Sorted")!.Invoke(null, [value])!;
        entries.Add(new($"{path}.Count", pairs.Length, false));
        foreach (var pair in pairs)
        {
            var key = pair.GetType().GetProperty("Key")!.GetValue(pair);
            entries.Add(new($"{path}[{key}].Key", key, false));
            List(_innerFormula, _innerNumbers, Kind, pair.GetType().GetProperty("Value")!.GetValue(pair), $"{path}[{key}]", entries);
        }
    }

    private Expression Pairs(Expression value) =>
        Expression.Convert(value, typeof(IEnumerable<>).MakeGenericType(typeof(KeyValuePair<,>).MakeGenericType(_key, _innerNumbers)));
}

/// <summary>Walks over the entries of dictionaries; what is compiled for them calls these.</summary>
internal static class Entries<TKey, TFormula, TNumbers, TKind>
    where TKind : struct, ILeafKind
{
    private static readonly IComparer<TKey> Order =
        typeof(TKey) == typeof(string) ? (IComparer<TKey>)(object)StringComparer.Ordinal : Comparer<TKey>.Default;

    public static void Read(IEnumerable<KeyValuePair<TKey, TNumbers>>? map, LeafSink sink)
    {
        if (map is null)
        {
            sink.Mark(0);
            return;
        }

        var read = Walk<TFormula, TNumbers, TKind>.Read;
        foreach (var (key, value) in Sorted(map))
        {
            sink.MarkMember(key);
            read(value, sink);
        }

        sink.Mark(-1);
    }

    public static KeyValuePair<TKey, TFormula>[] ToFormula(IEnumerable<KeyValuePair<TKey, TNumbers>> map, LeafSource source) =>
        Copy(map, source, Walk<TFormula, TNumbers, TKind>.ToFormula);

    public static KeyValuePair<TKey, TNumbers>[] ToNumbers(IEnumerable<KeyValuePair<TKey, TNumbers>> map, LeafSource source) =>
        Copy(map, source, Walk<TFormula, TNumbers, TKind>.ToNumbers);

    public static KeyValuePair<TKey, TNumbers>[] Sorted(IEnumerable<KeyValuePair<TKey, TNumbers>> map)
    {
        var pairs = map.ToArray();
        Array.Sort(pairs, static (left, right) => Order.Compare(left.Key, right.Key));
        return pairs;
    }

    private static KeyValuePair<TKey, TTarget>[] Copy<TTarget>(
        IEnumerable<KeyValuePair<TKey, TNumbers>> map, LeafSource source, Func<TNumbers, LeafSource, TTarget> copy) =>
        Array.ConvertAll(Sorted(map), pair => KeyValuePair.Create(pair.Key, copy(pair.Value, source)));
}

/// <summary>Makes dictionaries of the kind of another, with its way of comparing keys.</summary>
internal static class Maps
{
    public static ImmutableDictionary<TKey, TTo> ImmutableDictionary<TKey, TFrom, TTo>(ImmutableDictionary<TKey, TFrom> like, KeyValuePair<TKey, TTo>[] pairs)
        where TKey : notnull => System.Collections.Immutable.ImmutableDictionary.CreateRange(like.KeyComparer, pairs);

    public static ImmutableSortedDictionary<TKey, TTo> ImmutableSortedDictionary<TKey, TFrom, TTo>(
        ImmutableSortedDictionary<TKey, TFrom> like, KeyValuePair<TKey, TTo>[] pairs)
        where TKey : notnull => System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(like.KeyComparer, pairs);

    public static Dictionary<TKey, TTo> Dictionary<TKey, TFrom, TTo>(Dictionary<TKey, TFrom> like, KeyValuePair<TKey, TTo>[] pairs)
        where TKey : notnull => new(pairs, like.Comparer);

    public static IReadOnlyDictionary<TKey, TTo> ReadOnlyDictionary<TKey, TFrom, TTo>(
        IReadOnlyDictionary<TKey, TFrom> like, KeyValuePair<TKey, TTo>[] pairs)
        where TKey : notnull => like switch
        {
            ImmutableDictionary<TKey, TFrom> unsorted => ImmutableDictionary(unsorted, pairs),
            ImmutableSortedDictionary<TKey, TFrom> sorted => ImmutableSortedDictionary(sorted, pairs),
            Dictionary<TKey, TFrom> mutable => System.Collections.Immutable.ImmutableDictionary.CreateRange(mutable.Comparer, pairs),
            _ => System.Collections.Immutable.ImmutableDictionary.CreateRange(pairs),
        };

    public static IImmutableDictionary<TKey, TTo> InterfaceOfImmutable<TKey, TFrom, TTo>(
        IImmutableDictionary<TKey, TFrom> like, KeyValuePair<TKey, TTo>[] pairs)
        where TKey : notnull => (IImmutableDictionary<TKey, TTo>)ReadOnlyDictionary(like, pairs);

    public static IEnumerable<Tuple<TKey, TValue>> Tuples<TKey, TValue>(KeyValuePair<TKey, TValue>[] pairs) =>
        Array.ConvertAll(pairs, pair => Tuple.Create(pair.Key, pair.Value));
}
