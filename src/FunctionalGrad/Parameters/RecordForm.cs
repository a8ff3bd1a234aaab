using System.Reflection;
using System.Text.RegularExpressions;

namespace FunctionalGrad;

/// <summary>How to read all that a type holds and make another value of it: its members, and a constructor that takes them.</summary>
internal sealed class RecordForm
{
    // The compilers' names for the fields behind properties: C#'s, anonymous types', F#'s and System.Tuple's.
    private static readonly Regex Backing = new("^(<(?<name>[^>]+)>(k__BackingField|i__Field)|(?<name>.+)@|m_(?<name>.+))$");

    private RecordForm(Type type, ConstructorInfo? constructor, MemberInfo[] byConstructor, MemberInfo[] bySetter) =>
        (Type, Constructor, ByConstructor, BySetter) = (type, constructor, byConstructor, bySetter);

    public Type Type { get; }

    /// <summary>The constructor; null for the parameterless one of a value type.</summary>
    public ConstructorInfo? Constructor { get; }

    /// <summary>The members that the constructor takes, in its order.</summary>
    public MemberInfo[] ByConstructor { get; }

    /// <summary>The members that are set afterwards.</summary>
    public MemberInfo[] BySetter { get; }

    public IEnumerable<MemberInfo> Members => [.. ByConstructor, .. BySetter];

    public static Type TypeOf(MemberInfo member) => member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    /// <summary>The form of a type, or why it has none.</summary>
    public static (RecordForm? Form, string Why) Of(Type type)
    {
        if (type.IsAbstract || type.IsInterface || type.IsPointer || type.IsByRefLike || typeof(Delegate).IsAssignableFrom(type))
        {
            return (null, "it is no type of which a value can be made from members");
        }

        var members = MembersOf(type);
        var byName = new Dictionary<string, MemberInfo>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in members)
        {
            byName.TryAdd(member.Name, member);
        }

        const BindingFlags any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var constructor = type.GetConstructors(any)
            .Where(candidate => candidate.GetParameters().All(parameter =>
                byName.TryGetValue(parameter.Name ?? "", out var member) && TypeOf(member) == parameter.ParameterType))
            .OrderByDescending(candidate => candidate.IsPublic).ThenByDescending(candidate => candidate.GetParameters().Length)
            .FirstOrDefault();
        if (constructor is null && !type.IsValueType)
        {
            return (null, "it has no constructor whose parameters are named and typed as its public properties or fields");
        }

        MemberInfo[] byConstructor = constructor is null ? [] : [.. constructor.GetParameters().Select(parameter => byName[parameter.Name!])];
        MemberInfo[] bySetter = [.. members.Where(member => !byConstructor.Contains(member) && IsSettable(member))];
        var covered = byConstructor.Concat(bySetter).Select(member => member.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return FieldsOf(type).FirstOrDefault(field => !covered.Contains(HeldBy(field))) is { } lost
            ? (null, $"a copy would lose what its {(lost.IsPrivate ? "private " : "")}field {HeldBy(lost)} holds, which no constructor parameter or settable property of that name takes")
            : (new(type, constructor, byConstructor, bySetter), "");
    }

    /// <summary>All fields of a type and those above it, which together are all that a value holds.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var current = type; current is not null && current != typeof(object); current = current.BaseType)
        {
            foreach (var field in current.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }

    private static MemberInfo[] MembersOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && property.GetMethod!.IsPublic),
        .. type.GetFields(BindingFlags.Instance | BindingFlags.Public),
    ];

    private static bool IsSettable(MemberInfo member) => member switch
    {
        PropertyInfo property => property.SetMethod is { IsPublic: true },
        FieldInfo field => !field.IsInitOnly,
        _ => false,
    };

    private static string HeldBy(FieldInfo field) =>
        Backing.Match(field.Name) is { Success: true } match ? match.Groups["name"].Value : field.Name.TrimStart('_');
}
