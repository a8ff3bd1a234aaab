namespace FunctionalGrad.FSharp

open System
open System.Numerics
open FunctionalGrad

/// Shapes from lists.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Shape =

    /// <summary>The shape with the given extents; none is the shape of a scalar.</summary>
    /// <param name="extents">One extent for each axis.</param>
    let ofList (extents: int list) =
        FunctionalGrad.Shape.Of(ReadOnlySpan(Array.ofList extents))

    /// <summary>The extents of a shape.</summary>
    /// <param name="shape">A shape.</param>
    let toList (shape: Shape) = List.ofSeq shape

/// <summary>Tensors from lists, in the precision of the numbers given.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Tensor =

    /// <summary>A tensor with given numbers in row-major order: <c>Tensor.ofList [2; 3] [1.0 .. 6.0]</c>.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="values">As many numbers as the shape has entries.</param>
    let ofList (shape: int list) (values: 'number list) =
        FunctionalGrad.Tensor.Of<'number>(Shape.ofList shape, ReadOnlySpan(Array.ofList values))

    /// <summary>A vector.</summary>
    /// <param name="values">Its components.</param>
    let vector (values: 'number list) = ofList [ values.Length ] values

    /// <summary>A matrix from its rows.</summary>
    /// <param name="rows">Rows of one length.</param>
    let matrix (rows: 'number list list) =
        rows
        |> List.map Array.ofList
        |> Array.ofList
        |> FunctionalGrad.Tensor.Of<'number>

    /// <summary>A tensor of rank 0.</summary>
    /// <param name="value">Its number.</param>
    let scalar (value: 'number) =
        FunctionalGrad.Tensor.Scalar<'number> value

    /// <summary>The number in a tensor of one entry.</summary>
    /// <param name="tensor">The tensor.</param>
    let toScalar (tensor: Tensor<'number>) = tensor.ToScalar()

    /// <summary>The numbers in row-major order.</summary>
    /// <param name="tensor">The tensor.</param>
    let toList (tensor: Tensor<'number>) = tensor.ToArray() |> List.ofArray
