module FunctionalGrad.LawTests.SparseTests

open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

// A law without teeth would hold of a pullback that is wrong.
let private doubled =
    { Engine.library with
        Pullback = fun root cotangent variables -> 2.0 * Engine.library.Pullback root cotangent variables
    }

[<Tests>]
let tests =
    testList
        "sparse derivatives"
        [
            testCase "of functions, as lists" (fun () ->
                let jacobian = sparseJacobian (fun x -> x * x) (Tensor.vector [ 1.0; 2.0; 3.0 ])
                Expect.equal (SparseMatrix.toList jacobian) [ 0, 0, 2.0; 1, 1, 4.0; 2, 2, 6.0 ] "the diagonal"

                let product = jacobian |> SparseMatrix.multiply (Tensor.vector [ 1.0; 1.0; 1.0 ])
                Expect.equal (Tensor.toList product) [ 2.0; 4.0; 6.0 ] "its product with a vector"

                let hessian =
                    sparseHessian (fun x -> Expr.sum x * Expr.sum x) (Tensor.vector [ 1.0; 2.0 ])

                Expect.equal
                    (hessian |> SparseMatrix.transpose |> SparseMatrix.toDense)
                    (Tensor.matrix [ [ 2.0; 2.0 ]; [ 2.0; 2.0 ] ])
                    "all entries"

                Expect.equal (hessian |> SparseMatrix.toDense |> SparseMatrix.ofDense) hessian "there and back")

            testCase "prepared for many points" (fun () ->
                let prepared = prepareSparseJacobian (fun x -> exp x) [ 2 ]
                let value, jacobian = prepared (Tensor.vector [ 0.0; 0.0 ])
                Expect.equal (Tensor.toList value) [ 1.0; 1.0 ] "the value"
                Expect.equal (SparseMatrix.toList jacobian) [ 0, 0, 1.0; 1, 1, 1.0 ] "the Jacobian")

            for law in SparseLaws.all do
                testCase $"a doubled derivative breaks law %O{law}" (fun () ->
                    Expect.isSome (Law.search doubled 1UL 20 law) "broken")

                testCase $"law %O{law}, on graphs from a seed of its own" (fun () ->
                    Expect.isNone (Law.search Engine.library 29UL 200 law) "it holds")
        ]
