namespace FunctionalGrad.Laws

open System
open FunctionalGrad
open FunctionalGrad.FSharp

/// Law 29: what is stored of a sparse Jacobian or Hessian is the dense one, and the rest of that is zero.
[<RequireQualifiedAccess>]
module SparseLaws =

    let private flat (map: GradientMap<Tensor<float>>) =
        map
        |> GradientMap.toSeq
        |> Seq.collect (fun (_, tensor) -> tensor.ToArray())
        |> Array.ofSeq

    // A row with the zeros that are not stored.
    let private row (pattern: SparsityPattern) (values: float array) place =
        let dense = Array.zeroCreate pattern.Columns
        let start = pattern.RowStarts[place]

        pattern.Row(place).ToArray()
        |> Array.iteri (fun k column -> dense[column] <- values[start + k])

        dense

    let private vector (numbers: float array) = Tensor.vector (List.ofArray numbers)

    let private some count total =
        [ 0 .. total - 1 ]
        |> List.filter (fun place -> place % max 1 (total / count) = 0)
        |> List.truncate count

    let private both (case: Case) (variables: Variable list) =
        let variables = Array.ofList variables

        [
            for mode in [ DifferentiationMode.Forward; DifferentiationMode.Reverse ] ->
                mode, case.Root.SparseJacobian(mode, ReadOnlySpan variables)
        ]

    /// Law 29, of first derivatives.
    let jacobian =
        Law.both
            29
            "the sparse Jacobian, by columns and by rows, ~ the dense one, which is zero outside of the pattern"
            (fun engine precision case ->
                match Case.variables case with
                | [] -> Vacuous
                | variables ->
                    let length = Scale.reductionLength case.Root

                    let found =
                        [
                            for mode, sparse in both case variables ->
                                mode,
                                sparse.Pattern,
                                (Judging.number engine precision case.Point sparse.Values).ToArray()
                        ]

                    some 4 case.Root.Shape.Size
                    |> Seq.collect (fun place ->
                        let basis = Judging.basis case.Root.Shape place
                        let dense = Judging.pulled engine precision case.Root basis case.Point variables
                        let scale = Scale.reverse precision case.Root basis case.Point variables

                        found
                        |> Seq.map (fun (mode, pattern, values) ->
                            Verdict.close
                                precision
                                length
                                (vector (flat scale))
                                $"row %d{place} of the sparse ({mode}) and of the dense Jacobian"
                                (vector (row pattern values place))
                                (vector (flat dense))))
                    |> Verdict.all)

    /// Law 29, of second derivatives.
    let hessian =
        Law.both
            29
            "the sparse Hessian ~ the dense one, which is zero outside of the pattern"
            (fun engine precision case ->
                match Case.variables case with
                | [] -> Vacuous
                | variables ->
                    let scalar = Case.scalar 57 case.Root
                    let gradient = Engine.gradient engine scalar variables
                    let sparse = scalar.SparseHessian(ReadOnlySpan(Array.ofList variables))
                    let values = (Judging.number engine precision case.Point sparse.Values).ToArray()
                    let entries = Judging.entries variables

                    some 4 entries.Length
                    |> Seq.map (fun place ->
                        let variable, position = entries[place]

                        // One entry of the gradient, whose gradient is a row of the Hessian.
                        let slope =
                            gradient[variable] * Expr.tensor (Judging.basis variable.Shape position)
                            |> Expr.sum

                        let dense =
                            Engine.gradient engine slope variables
                            |> Judging.numbers engine precision case.Point

                        let scale = Scale.reverse precision slope Judging.one case.Point variables

                        Verdict.close
                            precision
                            (Scale.reductionLength slope)
                            (vector (flat scale))
                            $"row %d{place} of the sparse and of the dense Hessian"
                            (vector (row sparse.Pattern values place))
                            (vector (flat dense)))
                    |> Verdict.all)

    /// All of them.
    let all = [ jacobian; hessian ]
