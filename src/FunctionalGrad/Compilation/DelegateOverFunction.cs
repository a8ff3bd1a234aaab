using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// A plain delegate before a compiled function: for graphs that hold tensors, and where no code of our own is made. Needs no
/// code generation itself.
/// </summary>
internal static class DelegateOverFunction
{
    public static Delegate Of<T>(CompiledFunction<T> function, DelegateForm form)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var run = new Run<T>(function, form);
        ParameterExpression[] parameters = [.. form.Parameters.Select((type, i) => Expression.Parameter(type, form.Arguments[i].Name))];
        var values = Expression.NewArrayInit(typeof(Tensor<T>), parameters.Select((parameter, i) => Value<T>(parameter, form.Arguments[i])));
        var results = Expression.Variable(typeof(Tensor<T>[]), "results");
        var leaf = 0;
        var body = Expression.Block(
            [results],
            Expression.Assign(results, Expression.Call(Expression.Constant(run), typeof(Run<T>).GetMethod(nameof(Run<>.Invoke))!, values)),
            Made(form.Result));
        return Expression.Lambda(form.Type, body, parameters).Compile(preferInterpretation: !System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeCompiled);

        Expression Made(Type type)
        {
            if (TypeNames.IsTuple(type))
            {
                var parts = type.GetGenericArguments();
                Expression[] made = [.. parts.Select(Made)];
                return Expression.New(type.GetConstructor(parts)!, made);
            }

            var (isNumber, part) = (type == typeof(T), form.Leaves[leaf++]);
            return isNumber
                ? Expression.Call(Member<T>(typeof(DelegateResults), nameof(DelegateResults.Number)), results, Expression.Constant(part.First))
                : type.IsArray
                ? Expression.Call(
                    Member<T>(typeof(DelegateResults), nameof(DelegateResults.Numbers)), results, Expression.Constant(part.First), Expression.Constant(part.Count))
                : Expression.Call(
                    Member<T>(typeof(DelegateResults), nameof(DelegateResults.Part)),
                    results, Expression.Constant(part.Shape), Expression.Constant(part.First), Expression.Constant(part.Count));
        }
    }

    private static MethodCallExpression Value<T>(ParameterExpression parameter, Variable variable) =>
        parameter.Type == typeof(T) ? Expression.Call(Member<T>(typeof(DelegateArguments), nameof(DelegateArguments.OfNumber)), parameter)
        : Expression.Call(
            Member<T>(typeof(DelegateArguments), parameter.Type.IsArray ? nameof(DelegateArguments.OfArray) : nameof(DelegateArguments.OfTensor)),
            parameter, Expression.Constant(variable));

    private static MethodInfo Member<T>(Type type, string name) => type.GetMethod(name)!.MakeGenericMethod(typeof(T));

    private sealed class Run<T>(CompiledFunction<T> function, DelegateForm form)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        public Tensor<T>[] Invoke(Tensor<T>[] values)
        {
            var entries = new (Variable, Tensor<T>)[values.Length];
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = (form.Arguments[i], values[i]);
            }

            return ImmutableCollectionsMarshal.AsArray(function.Invoke(Point<T>.Of(entries)))!;
        }
    }
}
