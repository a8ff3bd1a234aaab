using System.Numerics;

namespace FunctionalGrad;

/// <summary>What straight-line code over single numbers stands in: the type of its method, what it takes and what it returns.</summary>
/// <param name="Type">The type of the delegate.</param>
/// <param name="ArgumentOf">Which argument a variable is.</param>
/// <param name="Arguments">Begins a method: makes the arguments ready to be read.</param>
/// <param name="Results">Then makes room for the results.</param>
/// <param name="Otherwise">The same for rare arguments, which kernels leave to those for single numbers.</param>
internal sealed record ScalarMethod<T>(
    Type Type,
    Func<Variable, int> ArgumentOf,
    Func<MethodWriter<T>, IScalarArguments> Arguments,
    Func<MethodWriter<T>, IScalarResults> Results,
    Lazy<Delegate> Otherwise)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A plain delegate.</summary>
    public static ScalarMethod<T> Of(DelegateForm form, Lazy<Delegate> otherwise) => new(
        form.Type,
        variable => form.Arguments.IndexOf(variable),
        method => new ScalarArguments<T>(method, form),
        method => new DelegateResult<T>(method, form),
        otherwise);
}

/// <summary>The arguments of a method of single numbers.</summary>
internal interface IScalarArguments
{
    /// <summary>Puts an entry of an argument on the stack; of a number, there is entry 0.</summary>
    void Load(int argument, int offset);
}

/// <summary>What a method of single numbers returns.</summary>
internal interface IScalarResults
{
    /// <summary>Stores an entry of a root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="entry">Which of its entries.</param>
    /// <param name="load">Writes the code that puts it on the stack.</param>
    void Store(int root, int entry, Action load);

    /// <summary>Leaves the result on the stack.</summary>
    void Write();
}
