namespace FunctionalGrad.Laws

open System
open FsCheck
open FsCheck.FSharp
open FunctionalGrad
open FunctionalGrad.FSharp

/// A law that did not hold. The message names the law and shows the smallest case found, its point, and both sides.
type LawBrokenException(failures: Failure list) =
    inherit Exception(failures |> List.map string |> String.concat "\n\n")

    /// What was broken, one failure for each law.
    member _.Failures = failures

/// The laws together, and their use on one primitive or one expression.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Laws =

    /// Every law that holds for every graph.
    let all =
        [
            yield! MapLaws.all
            yield! CalculusLaws.all
            yield! InverseLaws.all
            yield! ModeLaws.all
            yield! HigherOrderLaws.all
            yield! SharingLaws.all
            yield! OrderLaws.all
            yield! PassLaws.all
            yield! TraceLaws.all
            yield! CompiledLaws.all
            yield! ThreadLaws.all
        ]

    let private ofOnePrimitive =
        [
            yield! PrimitiveLaws.all
            CalculusLaws.zeros
            yield! ModeLaws.all
            HigherOrderLaws.modes
            HigherOrderLaws.symmetry
            SharingLaws.occurrences
            OrderLaws.purity
            PassLaws.simplifyKeeps
            yield! TraceLaws.all
            yield! CompiledLaws.all
        ]

    let private casesOf (seed: uint64) count (primitive: Primitive) =
        seq {
            for place, example in Seq.indexed primitive.Examples do
                for case in
                    Graphs.ofExample example
                    |> Gen.sampleWithSeed (Rnd(seed + uint64 place)) 10 count do
                    $"example %d{place} of {primitive}, seed %d{seed}", case
        }

    let private kinksOf engine (primitive: Primitive) =
        KinkLaws.rowsOf primitive
        |> Seq.tryPick (fun (case, law) ->
            match Law.judge engine law case with
            | Broken detail ->
                Some
                    {
                        Law = law
                        Case = case
                        Detail = detail
                        Origin = $"a kink of {primitive}"
                    }
            | _ -> None)

    /// <summary>What is wrong with a primitive: the first failure of each law, on the primitive's own examples and kinks.</summary>
    /// <param name="engine">What differentiates; usually <c>Engine.library</c>.</param>
    /// <param name="seed">The seed of the points.</param>
    /// <param name="count">How many points for each example.</param>
    /// <param name="primitive">The primitive.</param>
    let failuresOf engine (seed: uint64) (count: int) (primitive: Primitive) =
        let cases = casesOf seed count primitive |> Array.ofSeq

        // Eight threads for every case take long to start, and what they share does not depend on the point.
        let oneOfEach = casesOf seed 1 primitive |> Array.ofSeq

        [
            for law, cases in
                [
                    for law in ofOnePrimitive -> law, cases
                    for law in ThreadLaws.all -> law, oneOfEach
                ] do
                yield!
                    cases
                    |> Seq.tryPick (fun (origin, case) -> Law.failureOn engine origin law case)
                    |> Option.toList

            yield! kinksOf engine primitive |> Option.toList
        ]

    let private raiseAny failures =
        if not (List.isEmpty failures) then
            raise (LawBrokenException failures)

    /// <summary>Tests a primitive by all laws that apply to it; throws where one is broken.</summary>
    /// <param name="primitive">The primitive, with at least one example.</param>
    /// <exception cref="T:FunctionalGrad.Laws.LawBrokenException">A law is broken.</exception>
    let check (primitive: Primitive) =
        if primitive.Examples.IsEmpty then
            invalidArg
                (nameof primitive)
                $"{primitive} has no examples, so there is nothing to test it on; declare operands with their shapes and domains"

        failuresOf Engine.library 1UL 3 primitive |> raiseAny

    /// <summary>Tests an expression of your own, at a point, by all laws that hold for every graph.</summary>
    /// <param name="at">A point away from kinks, for all variables; it is rounded to single precision.</param>
    /// <param name="expression">The expression.</param>
    /// <exception cref="T:FunctionalGrad.Laws.LawBrokenException">A law is broken.</exception>
    let checkExpression (at: Point<float>) (expression: Expr) =
        let entries =
            Expr.variables expression
            |> List.map (fun variable -> variable, at[variable].To<float32>().To<float>())

        let case =
            {
                Root = expression
                Point = Point.ofTensors entries
            }

        all
        |> List.choose (fun law -> Law.failureOn Engine.library "the expression given" law case)
        |> raiseAny

/// <summary>The front door for C#: <c>Laws.Check(primitive)</c>.</summary>
[<AbstractClass; Sealed>]
type Laws =

    /// <summary>Tests a primitive by all laws that apply to it; throws where one is broken.</summary>
    /// <param name="primitive">The primitive, with at least one example.</param>
    /// <exception cref="T:FunctionalGrad.Laws.LawBrokenException">A law is broken.</exception>
    static member Check(primitive: Primitive) = Laws.check primitive

    /// <summary>Tests an expression, at a point, by all laws that hold for every graph.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="at">A point away from kinks, for all variables.</param>
    /// <exception cref="T:FunctionalGrad.Laws.LawBrokenException">A law is broken.</exception>
    static member Check(expression: Expr, at: Point<float>) = Laws.checkExpression at expression
