namespace FunctionalGrad.FSharp

open System
open FunctionalGrad

module internal Key =

    /// A variable is an expression too, and F# code mostly holds it as one.
    let variable operation (key: #Expr) =
        match box key with
        | :? Variable as variable -> variable
        | _ ->
            invalidArg
                (nameof key)
                $"%s{operation}: {key} is an expression of other expressions, not a variable; give one that Expr.var or Expr.tensorVar made"

    let entries operation (entries: seq<#Expr * 'value>) =
        entries
        |> Seq.map (fun (key, value) -> struct (variable operation key, value))
        |> Array.ofSeq

/// <summary>Points: assignments of numbers to variables.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Point =

    /// <summary>A point from variables and tensors, in the precision of the tensors.</summary>
    /// <param name="entries">Each variable once, with a tensor of its shape.</param>
    let ofTensors (entries: (#Expr * Tensor<'number>) list) =
        Point<'number>.Of(ReadOnlySpan(Key.entries "point" entries))

    /// <summary>A point from scalar variables and numbers: <c>Point.ofList [ w, 2.0; b, 0.5 ]</c>.</summary>
    /// <param name="entries">Each variable once, with its number.</param>
    let ofList (entries: (#Expr * 'number) list) =
        entries |> List.map (fun (key, value) -> key, Tensor.scalar value) |> ofTensors

    /// <summary>The point that assigns nothing.</summary>
    let empty = Point<float>.Empty

    /// <summary>This point with one variable reassigned, or added.</summary>
    /// <param name="key">The variable.</param>
    /// <param name="value">Its tensor.</param>
    /// <param name="point">The point.</param>
    let add (key: #Expr) (value: Tensor<'number>) (point: Point<'number>) = point.With(ofTensors [ key, value ])

    /// <summary>The tensor that a point assigns to a variable, or none.</summary>
    /// <param name="key">The variable.</param>
    /// <param name="point">The point.</param>
    let tryFind (key: #Expr) (point: Point<'number>) =
        match point.TryGetValue(Key.variable "point" key) with
        | true, value -> Some value
        | false, _ -> None

    /// <summary>The variables with their tensors, in the order given.</summary>
    /// <param name="point">The point.</param>
    let toSeq (point: Point<'number>) =
        point |> Seq.map (fun entry -> entry.Key, entry.Value)

    /// <summary>The point moved along a gradient: p + rate·g.</summary>
    /// <param name="rate">How far; negative to go down.</param>
    /// <param name="gradient">A map over variables of the point.</param>
    /// <param name="point">The point.</param>
    let move (rate: float) (gradient: GradientMap<Tensor<'number>>) (point: Point<'number>) = point + rate * gradient
