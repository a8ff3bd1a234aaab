using System.Numerics;

namespace FunctionalGrad;

/// <summary>From the values of a point to those of the expressions, without memory but that of the results.</summary>
/// <param name="values">The values of the point.</param>
/// <param name="places">For each variable of the program, which of them is its own.</param>
internal delegate Tensor<T>[] PointMethod<T>(Tensor<T>[] values, int[] places)
    where T : struct, IBinaryFloatingPointIeee754<T>;

/// <summary>A program of single numbers as a method from the tensors of a point to tensors.</summary>
internal static class PointCode<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether a program works on single numbers alone, and is one method: several would have to move them in and out.</summary>
    public static bool Fits(Program program) => ScalarCode<T>.Fits(program) && ScalarCode<T>.IsOne(program);

    /// <summary>The method of a program that fits.</summary>
    /// <param name="program">The program.</param>
    /// <param name="otherwise">Another method that does the same, for arguments that the code does not reach.</param>
    public static PointMethod<T> Of(Program program, PointMethod<T> otherwise) => (PointMethod<T>)ScalarCode<T>.Of(program, new(
        typeof(PointMethod<T>),
        program.PlaceOf,
        method => new PointArguments<T>(method, program.Variables.Length),
        method => new PointResults<T>(method, program),
        new(otherwise)));
}
