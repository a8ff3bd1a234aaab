namespace FunctionalGrad;

/// <summary>What counts as a leaf of a structure, decided from the member's type with formulas and with numbers.</summary>
internal interface ILeafKind
{
    static abstract bool IsLeaf(Type formula, Type numbers);
}

/// <summary>Leaves are what the formulas hold as <see cref="Expr"/>; numbers that stand there in both are carried along.</summary>
internal readonly struct ExpressionLeaves : ILeafKind
{
    public static bool IsLeaf(Type formula, Type numbers) =>
        formula == typeof(Expr)
        && (numbers == typeof(Expr) || TensorLeaves.IsTensor(numbers) || numbers == typeof(double) || numbers == typeof(float));
}

/// <summary>Leaves are the tensors of a structure that knows no formulas.</summary>
internal readonly struct TensorLeaves : ILeafKind
{
    public static bool IsLeaf(Type formula, Type numbers) => formula == numbers && IsTensor(numbers);

    public static bool IsTensor(Type type) => type == typeof(Tensor<double>) || type == typeof(Tensor<float>);
}
