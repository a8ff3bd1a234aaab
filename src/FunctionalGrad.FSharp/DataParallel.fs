namespace FunctionalGrad.FSharp

open System
open System.Collections.Immutable
open FunctionalGrad

/// <summary>Gradients of a sum over parts of the data, the parts shared out among cores.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module DataParallel =

    /// <summary>
    /// The sum over some parts of a value and of its gradient, added in a fixed order: the number of workers changes no bit.
    /// </summary>
    /// <param name="workers">How many threads compute, 1 or more.</param>
    /// <param name="f">A pure function from a part to a value and its gradient, such as the <c>Invoke</c> of a compiled one.</param>
    /// <param name="parts">The parts, such as points; of none, the sum is zero.</param>
    let gradientBy
        (workers: int)
        (f: 'part -> struct ('number * GradientMap<Tensor<'number>>))
        (parts: 'part list)
        : 'number * GradientMap<Tensor<'number>> =
        let struct (value, gradient) =
            FunctionalGrad.DataParallel.Gradient(Func<_, _> f, ImmutableArray.CreateRange parts, Nullable workers)

        value, gradient

    /// <summary>The same on as many threads as there are cores.</summary>
    /// <param name="f">A pure function from a part to a value and its gradient.</param>
    /// <param name="parts">The parts.</param>
    let gradient (f: 'part -> struct ('number * GradientMap<Tensor<'number>>)) (parts: 'part list) =
        gradientBy Environment.ProcessorCount f parts
