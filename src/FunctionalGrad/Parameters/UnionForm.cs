using System.Reflection;

namespace FunctionalGrad;

/// <summary>A case of an F# union: its fields, and the method that makes it of them.</summary>
internal sealed record UnionCase(int Tag, string Name, PropertyInfo[] Fields, MethodInfo Maker);

/// <summary>
/// An F# union as the F# compiler marks it in metadata, so that no reference to FSharp.Core is needed. F# lists are unions
/// too, but are walked as sequences.
/// </summary>
internal sealed class UnionForm
{
    // The compiler's marks for unions, fields and cases.
    private const int SumType = 1;
    private const int Field = 4;
    private const int Case = 8;

    private UnionForm(Type type, UnionCase[] cases, MethodInfo? tag) => (Type, Cases, Tag) = (type, cases, tag);

    public Type Type { get; }

    public UnionCase[] Cases { get; }

    /// <summary>What tells the number of the case of a value; none where there is one case.</summary>
    public MethodInfo? Tag { get; }

    public static UnionForm? Of(Type type)
    {
        if (MarkOf(type) is not { Kind: SumType })
        {
            return null;
        }

        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var arguments = type.GetGenericArguments();
        var properties = type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
            .Where(nested => nested.Name != "Tags")
            .Select(nested => nested.ContainsGenericParameters && nested.GetGenericArguments().Length == arguments.Length
                ? nested.MakeGenericType(arguments) : nested)
            .Prepend(type)
            .Where(holder => type.IsAssignableFrom(holder))
            .SelectMany(holder => holder.GetProperties(all))
            .Select(property => (Property: property, Mark: MarkOf(property)))
            .Where(found => found.Mark is { Kind: Field })
            .ToArray();
        var cases = type.GetMethods(all)
            .Where(method => method.IsStatic && MarkOf(method) is { Kind: Case })
            .Select(method => (Method: method, Tag: MarkOf(method)!.Value.Sequence))
            .DistinctBy(made => made.Tag)
            .OrderBy(made => made.Tag)
            .Select(made => new UnionCase(
                made.Tag,
                made.Method.Name.StartsWith("New", StringComparison.Ordinal) ? made.Method.Name[3..] : made.Method.Name.Replace("get_", ""),
                [.. properties.Where(found => found.Mark!.Value.Variant == made.Tag).OrderBy(found => found.Mark!.Value.Sequence).Select(found => found.Property)],
                made.Method))
            .ToArray();
        var tag = cases.Length == 1 ? null
            : type.GetMethod("GetTag", all, [type]) ?? type.GetProperty("Tag", all)?.GetMethod;
        return cases.Length == 0 || (tag is null && cases.Length > 1) ? null : new(type, cases, tag);
    }

    /// <summary>The case of a value, by reflection.</summary>
    public UnionCase CaseOf(object value)
    {
        var number = Tag is null ? Cases[0].Tag : (int)(Tag.IsStatic ? Tag.Invoke(null, [value]) : Tag.Invoke(value, null))!;
        return Cases.Single(each => each.Tag == number);
    }

    private static (int Kind, int Variant, int Sequence)? MarkOf(MemberInfo member)
    {
        var mark = member.GetCustomAttributesData()
            .FirstOrDefault(data => data.AttributeType.FullName == "Microsoft.FSharp.Core.CompilationMappingAttribute");
        return mark?.ConstructorArguments.Where(argument => argument.Value is int).Select(argument => (int)argument.Value!).ToArray() switch
        {
            [var kind] => (kind & 31, 0, 0),
            [var kind, var sequence] => (kind & 31, 0, sequence),
            [var kind, var variant, var sequence] => (kind & 31, variant, sequence),
            _ => null,
        };
    }
}
