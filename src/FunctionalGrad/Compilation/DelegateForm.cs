using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>A part of what a delegate returns: a number, or a tensor, whose entries are one result or a result each.</summary>
internal sealed record DelegateLeaf(Type Type, Shape Shape, int First, int Count)
{
    /// <summary>How many numbers it holds: those of the one result that it is, or one of each.</summary>
    public int Entries => Count == 1 ? Shape.Size : Count;
}

/// <summary>
/// How the type of a delegate is served by expressions: which variable each argument is, and which results make up what it
/// returns, a number, a tensor, or tuples of such.
/// </summary>
internal sealed class DelegateForm
{
    private DelegateForm(Type type, Type precision, ImmutableArray<Variable> arguments, ImmutableArray<DelegateLeaf> leaves) =>
        (Type, Precision, Arguments, Leaves) = (type, precision, arguments, leaves);

    /// <summary>The type of the delegate.</summary>
    public Type Type { get; }

    /// <summary><see cref="double"/> or <see cref="float"/>.</summary>
    public Type Precision { get; }

    public ImmutableArray<Variable> Arguments { get; }

    /// <summary>The parts of the result in order, tuples opened.</summary>
    public ImmutableArray<DelegateLeaf> Leaves { get; }

    public Type Result => Type.GetMethod("Invoke")!.ReturnType;

    public Type[] Parameters => [.. Type.GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType)];

    /// <summary>The form of a delegate type over expressions.</summary>
    /// <param name="type">The type of the delegate.</param>
    /// <param name="arguments">The variable of each argument.</param>
    /// <param name="roots">What it returns, in order.</param>
    /// <param name="tensors">The shapes of the tensors that are returned, where their entries are roots of their own.</param>
    public static DelegateForm Of(
        Type type, ReadOnlySpan<Variable> arguments, ReadOnlySpan<Expr> roots, ReadOnlySpan<Shape> tensors = default)
    {
        var name = TypeNames.Of(type);
        var invoke = type.GetMethod("Invoke") ?? throw new ArgumentException($"delegate: {name} is not a type of delegates of its own; give one such as Func<double, double>");
        Type[] types = [.. TypesOfLeaves(invoke.ReturnType)];
        var precision = Array.Find(types, candidate => PrecisionOf(candidate) is not null) is { } first ? PrecisionOf(first)! : null;
        if (precision is null || !Array.TrueForAll(types, leaf => PrecisionOf(leaf) == precision) || Array.Exists(types[..^1], leaf => leaf.IsArray))
        {
            throw new ArgumentException(
                $"delegate: {name} returns {TypeNames.Of(invoke.ReturnType)}; a delegate of expressions returns double, Tensor<double> or a tuple of these, of which the last may be a double[], or the same of float");
        }

        var parameters = invoke.GetParameters();
        if (parameters.Length != arguments.Length)
        {
            throw new ArgumentException(
                $"delegate: {name} takes {parameters.Length} arguments and {arguments.Length} variables are given; give the variable of each argument, in order");
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            RequireFit(name, precision, parameters[i].ParameterType, i, arguments[i]);
        }

        foreach (var variable in TopologicalOrder.Of(roots).Variables)
        {
            if (!arguments.Contains(variable))
            {
                throw new ArgumentException(
                    $"delegate: the expression depends on {variable.Name}, which is none of the arguments ({string.Join(", ", arguments.ToArray().Select(argument => argument.Name))}); add it to them, or substitute a value for it");
            }
        }

        return new(type, precision, [.. arguments], Leaf(name, types, roots, tensors));
    }

    private static ImmutableArray<DelegateLeaf> Leaf(string name, Type[] types, ReadOnlySpan<Expr> roots, ReadOnlySpan<Shape> tensors)
    {
        var leaves = ImmutableArray.CreateBuilder<DelegateLeaf>();
        var (next, tensor) = (0, 0);
        foreach (var type in types)
        {
            if (type.IsArray)
            {
                // All that remain, a number each, or the one vector that remains.
                var rest = Math.Max(0, roots.Length - next);
                if (rest == 1 && roots[next].Shape.Rank == 1)
                {
                    leaves.Add(new(type, roots[next].Shape, next++, 1));
                    continue;
                }

                leaves.Add(new(type, Shape.Of(rest), next, rest));
                for (; next < roots.Length; next++)
                {
                    RequireNumber(name, type.GetElementType()!, next, roots[next]);
                }

                continue;
            }

            var isTensor = type.IsGenericType;
            if (isTensor && !tensors.IsEmpty)
            {
                leaves.Add(new(type, tensors[tensor], next, tensors[tensor].Size));
                next += tensors[tensor++].Size;
                continue;
            }

            if (next < roots.Length)
            {
                leaves.Add(new(type, roots[next].Shape, next, 1));
                if (!isTensor)
                {
                    RequireNumber(name, type, next, roots[next]);
                }
            }

            next++;
        }

        return next == roots.Length ? leaves.DrainToImmutable() : throw new ArgumentException(
            $"delegate: {name} returns {next} results and {roots.Length} expressions are given; give an expression for each, in order");
    }

    private static void RequireNumber(string name, Type number, int index, Expr root)
    {
        if (!root.Shape.IsScalar)
        {
            throw new ShapeException(
                $"delegate: {name} returns a number as result {index + 1}, and the expression for it has shape {root.Shape}; reduce it with Sum, or return {TypeNames.Of(typeof(Tensor<>).MakeGenericType(number))}");
        }
    }

    private static void RequireFit(string name, Type precision, Type parameter, int index, Variable variable)
    {
        if (parameter == precision ? variable.Shape.IsScalar
            : parameter == precision.MakeArrayType() ? variable.Shape.Rank == 1
            : parameter == typeof(Tensor<>).MakeGenericType(precision))
        {
            return;
        }

        var number = TypeNames.Of(precision);
        throw new ArgumentException(
            $"delegate: argument {index + 1} of {name} is {TypeNames.Of(parameter)} and its variable {variable.Name} has shape {variable.Shape}; "
            + $"a scalar is {number}, a vector {number}[] or Tensor<{number}>, and any other shape Tensor<{number}>");
    }

    private static Type? PrecisionOf(Type leaf) =>
        leaf == typeof(double) || leaf == typeof(float) ? leaf
        : leaf == typeof(Tensor<double>) ? typeof(double)
        : leaf == typeof(Tensor<float>) ? typeof(float)
        : leaf == typeof(double[]) || leaf == typeof(float[]) ? leaf.GetElementType()
        : null;

    private static IEnumerable<Type> TypesOfLeaves(Type type) =>
        TypeNames.IsTuple(type) ? type.GetGenericArguments().SelectMany(TypesOfLeaves) : [type];
}
