namespace FunctionalGrad.FSharp

open System
open FunctionalGrad

/// <summary>
/// Jacobians and Hessians that are mostly zero: the pattern is found from the graph, and a few passes give all entries.
/// <code>
/// let jacobian = sparseJacobian (fun x -> x * x) (Tensor.vector [ 1.0; 2.0; 3.0 ])
/// SparseMatrix.toList jacobian                                 // [ (0, 0, 2.0); (1, 1, 4.0); (2, 2, 6.0) ]
/// </code>
/// </summary>
[<AutoOpen>]
module SparseDifferentiation =

    /// <summary>The sparse Jacobian of a function at a point.</summary>
    /// <param name="f">A function of any shape to any shape.</param>
    /// <param name="at">Where.</param>
    let sparseJacobian (f: Expr -> Expr) (at: Tensor<float>) : SparseMatrix<float> =
        Differentiate.SparseJacobian(Func<Expr, Expr> f, at)

    /// <summary>The sparse Hessian of a scalar function at a point.</summary>
    /// <param name="f">A function with a scalar value.</param>
    /// <param name="at">Where.</param>
    let sparseHessian (f: Expr -> Expr) (at: Tensor<float>) : SparseMatrix<float> =
        Differentiate.SparseHessian(Func<Expr, Expr> f, at)

    /// <summary>A function and its sparse Jacobian, prepared for arguments of a shape: apply it to many points.</summary>
    /// <param name="f">A function of any shape to any shape.</param>
    /// <param name="shape">The extents of its argument.</param>
    let prepareSparseJacobian
        (f: Expr -> Expr)
        (shape: int list)
        : Tensor<float> -> Tensor<float> * SparseMatrix<float> =
        let prepared =
            Differentiate.SparseJacobian<float>(Func<Expr, Expr> f, Shape.ofList shape)

        fun at ->
            let struct (value, jacobian) = prepared.Invoke(ReadOnlySpan [| at |])
            value, jacobian

/// Sparse matrices as lists.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module SparseMatrix =

    /// <summary>The stored entries: row, column, value, row after row.</summary>
    /// <param name="matrix">The matrix.</param>
    let toList (matrix: SparseMatrix<'number>) =
        let starts, columns = matrix.RowStarts.ToArray(), matrix.ColumnIndices.ToArray()
        let values = matrix.Values.ToArray()

        [
            for row in 0 .. matrix.Rows - 1 do
                for place in starts[row] .. starts[row + 1] - 1 -> row, columns[place], values[place]
        ]

    /// <summary>All entries, zeros included, as a tensor of two axes.</summary>
    /// <param name="matrix">The matrix.</param>
    let toDense (matrix: SparseMatrix<'number>) = matrix.ToDense()

    /// <summary>The matrix of the entries of a tensor that are not zero.</summary>
    /// <param name="tensor">A tensor of two axes.</param>
    let ofDense (tensor: Tensor<'number>) = FunctionalGrad.SparseMatrix.Of tensor

    /// <summary>Rows and columns exchanged.</summary>
    /// <param name="matrix">The matrix.</param>
    let transpose (matrix: SparseMatrix<'number>) = matrix.Transpose()

    /// <summary>The product with a vector.</summary>
    /// <param name="vector">As many entries as the matrix has columns.</param>
    /// <param name="matrix">The matrix.</param>
    let multiply (vector: Tensor<'number>) (matrix: SparseMatrix<'number>) = matrix * vector
