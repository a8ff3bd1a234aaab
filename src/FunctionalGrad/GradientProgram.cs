using System.Numerics;

namespace FunctionalGrad;

/// <summary>A scalar and its gradient by the leaves of a structure, computed from such a structure and given as one.</summary>
internal static class GradientProgram<TNumbers>
{
    public static (double Value, TNumbers Gradient) Interpreted<TFormula, TKind>(
        Leaves<TFormula, TNumbers, TKind> leaves, Expr value, TNumbers at)
        where TKind : struct, ILeafKind
    {
        Expr[] results = [value, .. value.Gradient(leaves.Keys.Variables).Values];
        return leaves.IsSingle ? At<float>() : At<double>();

        (double, TNumbers) At<T>()
            where T : struct, IBinaryFloatingPointIeee754<T>
        {
            var numbers = Interpreter<T>.Evaluate(results, leaves.ToPoint<T>(leaves.Read(at))).AsSpan();
            return (double.CreateTruncating(numbers[0].ToScalar()), leaves.NumbersLike(at, numbers[1..]));
        }
    }

    public static Func<TNumbers, (double Value, TNumbers Gradient)> Compiled<TFormula, TKind>(Leaves<TFormula, TNumbers, TKind> leaves, Expr value)
        where TKind : struct, ILeafKind
    {
        Expr[] results = [value, .. value.Gradient(leaves.Keys.Variables).Values];
        return leaves.IsSingle ? In<float>() : In<double>();

        Func<TNumbers, (double, TNumbers)> In<T>()
            where T : struct, IBinaryFloatingPointIeee754<T>
        {
            var program = results.Compile<T>();
            return at =>
            {
                var numbers = program.Invoke(leaves.ToPoint<T>(leaves.Read(at))).AsSpan();
                return (double.CreateTruncating(numbers[0].ToScalar()), leaves.NumbersLike(at, numbers[1..]));
            };
        }
    }

    public static Func<TNumbers, TData, (double Value, TNumbers Gradient)> Compiled<TFormula, TDataFormula, TData>(
        Leaves<TFormula, TNumbers, ExpressionLeaves> leaves, Leaves<TDataFormula, TData, ExpressionLeaves> ofData, Expr value)
    {
        Expr[] results = [value, .. value.Gradient(leaves.Keys.Variables).Values];
        return leaves.IsSingle ? In<float>() : In<double>();

        Func<TNumbers, TData, (double, TNumbers)> In<T>()
            where T : struct, IBinaryFloatingPointIeee754<T>
        {
            var program = results.Compile<T>();

            // One set of keys for all calls, so that each finds its places where the last one did.
            var keys = VariableKeys.Of([.. leaves.Keys.Variables, .. ofData.Keys.Variables], "parameters and data");
            return (at, data) =>
            {
                var (first, second) = (leaves.Read(at), ofData.Read(data));
                var values = new Tensor<T>[keys.Count];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = Leaves<TFormula, TNumbers, ExpressionLeaves>.TensorOf<T>(i < first.Length ? first[i] : second[i - first.Length]);
                }

                var numbers = program.Invoke(Point<T>.FromMap(new GradientMap<Tensor<T>>(keys, values))).AsSpan();
                return (double.CreateTruncating(numbers[0].ToScalar()), leaves.NumbersLike(at, numbers[1..]));
            };
        }
    }
}
