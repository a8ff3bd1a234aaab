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
            yield! TaylorLaws.all
            yield! SharingLaws.all
            yield! OrderLaws.all
            yield! PassLaws.all
            yield! TraceLaws.all
            yield! CompiledLaws.all
            yield! BatchLaws.all
            yield! ThreadLaws.all
            yield! SparseLaws.all
        ]

    let private ofOnePrimitive =
        [
            // First the laws whose reports say most plainly what is wrong.
            PrimitiveLaws.shapes
            yield! ModeLaws.all
            yield! OwnRuleLaws.all
            CalculusLaws.zeros
            PrimitiveLaws.notTaken
            PrimitiveLaws.between
            PrimitiveLaws.behind
            HigherOrderLaws.modes
            HigherOrderLaws.symmetry
            yield! TaylorLaws.all
            SharingLaws.occurrences
            OrderLaws.purity
            PassLaws.simplifyKeeps
            yield! BatchLaws.all
            yield! TraceLaws.all
            yield! CompiledLaws.all
            SparseLaws.jacobian
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

    // What cannot be applied to its own examples or evaluated on them breaks the first law, before points are looked for.
    let private unusable (primitive: Primitive) =
        primitive.Examples
        |> Seq.indexed
        |> Seq.tryPick (fun (place, example) ->
            let variables =
                [
                    for operand in 0 .. example.Operands.Length - 1 ->
                        FunctionalGrad.Expr.Variable($"x%d{operand}", example.Operands[operand].Shape)
                ]

            let lowest (operand: Operand) =
                Tensor.Full(operand.Shape, operand.Domain.Intervals[0].Low)

            let at =
                Seq.zip variables (Seq.map lowest example.Operands)
                |> List.ofSeq
                |> Point.ofTensors

            let failure root (error: exn) =
                {
                    Law = PrimitiveLaws.shapes
                    Case = { Root = root; Point = at }
                    Detail = $"it threw %s{error.GetType().Name}: %s{error.Message}"
                    Origin = $"example %d{place} of {primitive}"
                }

            try
                let root =
                    primitive.Apply(ReadOnlySpan [| for variable in variables -> variable :> Expr |])

                try
                    root |> Expr.eval at |> ignore
                    None
                with error ->
                    Some(failure root error)
            with error ->
                let operands =
                    variables |> List.map (fun x -> Expr.sum x) |> List.fold (+) (Expr.constant 0.0)

                Some(failure operands error))

    /// <summary>Tests a primitive by all laws that apply to it; throws where one is broken.</summary>
    /// <param name="primitive">The primitive, with at least one example.</param>
    /// <exception cref="T:FunctionalGrad.Laws.LawBrokenException">A law is broken.</exception>
    let check (primitive: Primitive) =
        if primitive.Examples.IsEmpty then
            invalidArg
                (nameof primitive)
                $"{primitive} has no examples, so there is nothing to test it on; declare operands with their shapes and domains"

        primitive |> unusable |> Option.toList |> raiseAny
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

    /// <summary>Tests that a derivative of one's own is the derivative of the function itself, in both modes, and that the
    /// two modes are each other's transpose and linear.</summary>
    /// <param name="at">A point away from kinks; it is rounded to single precision.</param>
    /// <param name="f">A function that <c>Differentiate.WithDerivative</c> made.</param>
    /// <exception cref="T:FunctionalGrad.Laws.LawBrokenException">A law is broken.</exception>
    let checkDerivative (at: Tensor<float>) (f: Expr -> Expr) =
        let x = FunctionalGrad.Expr.Variable("x", at.Shape)

        let case =
            {
                Root = f x
                Point = Point.ofTensors [ x, at.To<float32>().To<float>() ]
            }

        if Object.ReferenceEquals(Differentiate.WithoutOwnDerivatives case.Root, case.Root) then
            invalidArg
                (nameof f)
                "check derivative: the function has no derivative of its own, so there is nothing to compare; give what Differentiate.WithDerivative returned"

        [
            OwnRuleLaws.ownDerivative
            ModeLaws.adjoint
            ModeLaws.linearPullback
            OwnRuleLaws.secondDifferences
        ]
        |> List.choose (fun law -> Law.failureOn Engine.library "the function given" law case)
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

    /// <summary>Tests that a derivative of one's own is the derivative of the function itself.</summary>
    /// <param name="f">A function that <c>Differentiate.WithDerivative</c> made.</param>
    /// <param name="at">A point away from kinks.</param>
    /// <exception cref="T:FunctionalGrad.Laws.LawBrokenException">A law is broken.</exception>
    static member CheckDerivative(f: Func<Expr, Expr>, at: Tensor<float>) = Laws.checkDerivative at f.Invoke
