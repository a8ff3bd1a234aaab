
namespace FunctionalGrad;

/// <summary>Finds out how values of a type are taken apart, and says what is in the way where they cannot be.</summary>
internal static class Anatomy
{
    private const string Supported =
        "Supported are Expr, Tensor<double>, Tensor<float>, double and float in records, record structs, tuples, F# records, unions and "
        + "options, other types whose constructor or settable properties take all that they hold, and arrays, lists and dictionaries of those";

    /// <summary>How values of a type are walked.</summary>
    /// <exception cref="ParametersException">They cannot be.</exception>
    public static StructurePart Of(Type formula, Type numbers, Type kind, string path)
    {
        if (IsLeaf(formula, numbers, kind))
        {
            return new LeafPart(formula, numbers, kind);
        }

        if (formula == numbers && !MayHold(numbers, kind, derived: true, []))
        {
            return new CarriedPart(formula, numbers, kind);
        }

        if (SequencePart.ItemOf(formula) is not null && SequencePart.ItemOf(numbers) is not null && SameDefinition(formula, numbers))
        {
            return new SequencePart(formula, numbers, kind);
        }

        if (MapPart.EntryOf(numbers) is var (key, _) && MapPart.EntryOf(formula) is var (otherKey, _) && key == otherKey && SameDefinition(formula, numbers))
        {
            return MapPart.IsOrdered(key) ? new MapPart(formula, numbers, kind)
                : throw Impossible(path, numbers, $"its keys of type {NameOf(key)} have no order; make them strings, numbers or IComparable");
        }

        if (UnionForm.Of(numbers) is { } union && UnionForm.Of(formula) is { } unionOfFormula && SameDefinition(formula, numbers))
        {
            return new UnionPart(unionOfFormula, union, kind);
        }

        var isOpen = IsOpen(numbers) && SameDefinition(formula, numbers);
        var record = isOpen && numbers.IsAbstract ? null : RecordOf(formula, numbers, kind, path);
        return isOpen ? new PolymorphicPart(record, formula, numbers, kind) : record!;
    }

    /// <summary>Throws where something inside a type cannot be taken apart, with its path.</summary>
    public static void Verify(Type formula, Type numbers, Type kind, string path = "")
    {
        var seen = new HashSet<(Type, Type)>();
        var pending = new Stack<(string Path, Type Formula, Type Numbers)>([(NameOf(numbers) + path, formula, numbers)]);
        while (pending.TryPop(out var next))
        {
            if (seen.Add((next.Formula, next.Numbers)))
            {
                foreach (var (step, innerFormula, innerNumbers) in Of(next.Formula, next.Numbers, kind, next.Path).Inner)
                {
                    pending.Push((next.Path + step, innerFormula, innerNumbers));
                }
            }
        }
    }

    /// <summary>
    /// The structure with formulas that goes with a structure of numbers: a type argument that is a number becomes an
    /// expression. The type itself where it has none.
    /// </summary>
    public static Type FormulaOf(Type numbers)
    {
        if (numbers == typeof(double) || numbers == typeof(float) || TensorLeaves.IsTensor(numbers))
        {
            return typeof(Expr);
        }

        if (numbers.IsSZArray)
        {
            return FormulaOf(numbers.GetElementType()!).MakeArrayType();
        }

        return !numbers.IsGenericType ? numbers
            : numbers.GetGenericTypeDefinition().MakeGenericType(Array.ConvertAll(numbers.GetGenericArguments(), FormulaOf));
    }

    /// <summary>The formula type that goes with the type that a value really has, given what goes with the type above it.</summary>
    public static Type Counterpart(Type formula, Type numbers, Type actual, string path)
    {
        var found = formula == numbers ? actual : Replaced(actual);
        return found is not null && formula.IsAssignableFrom(found) ? found
            : throw Impossible(
                $"{NameOf(numbers)}{path}",
                actual,
                $"its value is a {NameOf(actual)}, and no {NameOf(formula)} goes with that; give it the type parameter that stands for a tensor");

        Type? Replaced(Type type)
        {
            if (type.IsSZArray)
            {
                return Replaced(type.GetElementType()!)?.MakeArrayType();
            }

            var (from, to) = (numbers.GetGenericArguments(), formula.GetGenericArguments());
            var place = Array.IndexOf(from, type);
            return place >= 0 && place < to.Length ? to[place]
                : !type.IsGenericType ? type
                : Array.ConvertAll(type.GetGenericArguments(), Replaced) is var arguments && Array.TrueForAll(arguments, each => each is not null)
                    ? type.GetGenericTypeDefinition().MakeGenericType(arguments!)
                    : null;
        }
    }

    /// <summary>Whether leaves may stand in a type; with those that derive from it, or in what it declares itself.</summary>
    public static bool MayHold(Type type, Type kind, bool derived, HashSet<Type> seen)
    {
        if (IsLeaf(type, type, kind))
        {
            return true;
        }

        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type == typeof(string) || type == typeof(object)
            || typeof(Delegate).IsAssignableFrom(type) || type.FullName?.StartsWith("Microsoft.FSharp.Core.FSharpFunc`2", StringComparison.Ordinal) == true
            || !seen.Add(type))
        {
            return false;
        }

        if (type.HasElementType)
        {
            return MayHold(type.GetElementType()!, kind, derived, seen);
        }

        if (type.GetGenericArguments().Any(argument => MayHold(argument, kind, derived, seen)))
        {
            return true;
        }

        // What the platform, the F# core and this library declare holds a structure's leaves in its type arguments alone.
        return IsOfUsers(type)
            && ((derived && IsOpen(type)) || RecordForm.FieldsOf(type).Any(field => MayHold(field.FieldType, kind, derived, seen)));
    }

    /// <summary>The name of a type as it is written.</summary>
    public static string NameOf(Type type)
    {
        if (type.IsSZArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        var name = type == typeof(double) ? "double" : type == typeof(float) ? "float" : type == typeof(int) ? "int"
            : type == typeof(string) ? "string" : type == typeof(bool) ? "bool" : type.Name;
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }

    private static StructurePart RecordOf(Type formula, Type numbers, Type kind, string path)
    {
        if (formula == typeof(Expr) || IsLeaf(typeof(Expr), numbers, typeof(ExpressionLeaves)))
        {
            throw Impossible(
                path, numbers, $"it is a {NameOf(numbers)} among the numbers and a {NameOf(formula)} among the formulas; an Expr goes with a tensor or a number");
        }

        var (ofNumbers, why) = IsForeign(numbers) ? (null, "it is not a type of data") : RecordForm.Of(numbers);
        if (ofNumbers is null)
        {
            // An object of which nobody can make another goes along as it is, so long as it hides no leaf.
            return formula == numbers && !MayHold(numbers, kind, derived: false, [])
                ? new CarriedPart(formula, numbers, kind)
                : throw Impossible(path, numbers, why);
        }

        if (formula == numbers)
        {
            return MayHold(numbers, kind, derived: false, []) || ofNumbers.Members.Any(member => MayHold(RecordForm.TypeOf(member), kind, derived: true, []))
                ? new RecordPart(ofNumbers, ofNumbers, kind)
                : new CarriedPart(formula, numbers, kind);
        }

        var (ofFormula, whyNot) = RecordForm.Of(formula);
        if (ofFormula is null)
        {
            throw Impossible(path, formula, whyNot);
        }

        string[] left = [.. ofNumbers.Members.Select(member => member.Name)];
        string[] right = [.. ofFormula.Members.Select(member => member.Name)];
        return left.Except(right).Concat(right.Except(left)).FirstOrDefault() is { } lone
            ? throw Impossible(
                path, numbers, $"its formulas are a {NameOf(formula)}, and only one of the two has a member {lone}; give both the same members")
            : new RecordPart(ofFormula, ofNumbers, kind);
    }

    private static bool IsLeaf(Type formula, Type numbers, Type kind) => kind == typeof(ExpressionLeaves)
        ? ExpressionLeaves.IsLeaf(formula, numbers)
        : TensorLeaves.IsLeaf(formula, numbers);

    private static bool SameDefinition(Type formula, Type numbers) => formula == numbers
        || (formula.IsSZArray && numbers.IsSZArray)
        || (formula.IsGenericType && numbers.IsGenericType && formula.GetGenericTypeDefinition() == numbers.GetGenericTypeDefinition());

    // A type of which a value may be something else.
    private static bool IsOpen(Type type) => IsOfUsers(type) && (type.IsInterface || (type.IsClass && !type.IsSealed));

    private static bool IsForeign(Type type) => !IsOfUsers(type) && !type.IsGenericType;

    private static bool IsOfUsers(Type type) =>
        type.Assembly != typeof(object).Assembly && type.Assembly != typeof(Expr).Assembly
        && type.Namespace is var space && space != "System" && space?.StartsWith("System.", StringComparison.Ordinal) != true
        && space?.StartsWith("Microsoft.FSharp.", StringComparison.Ordinal) != true;

    private static ParametersException Impossible(string path, Type type, string why) => new(
        $"parameters: {path} is of type {NameOf(type)}, which cannot be taken apart: {why}. {Supported}. "
        + "Make it one of these, or give the member a type without tensors, and it is carried along unchanged");
}
