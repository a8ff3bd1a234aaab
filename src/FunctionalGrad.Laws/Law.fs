namespace FunctionalGrad.Laws

open System
open FsCheck
open FsCheck.FSharp
open FunctionalGrad
open FunctionalGrad.FSharp

/// What a law says of a case.
type Verdict =
    /// It holds.
    | Holds
    /// It has nothing to say there.
    | Vacuous
    /// It is broken; the text shows both sides.
    | Broken of string

/// Verdicts from comparisons.
[<RequireQualifiedAccess>]
module Verdict =

    /// <summary>Broken where one is; vacuous where all are; else it holds. Stops at the first that is broken.</summary>
    /// <param name="verdicts">The verdicts.</param>
    let all (verdicts: Verdict seq) =
        let folder state verdict =
            match state, verdict with
            | Broken text, _
            | _, Broken text -> Broken text
            | Holds, _
            | _, Holds -> Holds
            | Vacuous, Vacuous -> Vacuous

        use each = verdicts.GetEnumerator()
        let mutable state = Vacuous

        while (match state with
               | Broken _ -> false
               | _ -> each.MoveNext()) do
            state <- folder state each.Current

        state

    let private sides what (left: Tensor<float>) (right: Tensor<float>) rest =
        let exact (tensor: Tensor<float>) =
            tensor.ToArray()
            |> Array.truncate 24
            |> Array.map (sprintf "%.17g")
            |> String.concat ", "

        Broken $"%s{what}:\n  left  %O{left.Shape} %s{exact left}\n  right %O{right.Shape} %s{exact right}%s{rest}"

    /// <summary>The law's <c>=</c>: the same bits (any NaN is NaN).</summary>
    /// <param name="what">The quantity, for the report.</param>
    /// <param name="left">One side.</param>
    /// <param name="right">The other side.</param>
    let equal what (left: Tensor<float>) (right: Tensor<float>) =
        let same (a: float) (b: float) =
            BitConverter.DoubleToInt64Bits a = BitConverter.DoubleToInt64Bits b
            || (Double.IsNaN a && Double.IsNaN b)

        if
            left.Shape = right.Shape
            && Array.forall2 same (left.ToArray()) (right.ToArray())
        then
            Holds
        else
            sides what left right "\n  and they should be equal, bit for bit"

    /// <summary>Equal numbers; here 0 and −0 are one, since a sum over nothing is 0 and adding it to −0 gives 0.</summary>
    /// <param name="what">The quantity, for the report.</param>
    /// <param name="left">One side.</param>
    /// <param name="right">The other side.</param>
    let equalNumbers what (left: Tensor<float>) (right: Tensor<float>) =
        if left.Equals right then
            Holds
        else
            sides what left right "\n  and they should be equal"

    /// <summary>The law's <c>~</c>: within 16·ε·S·n, entry by entry; where the precision underflows, within its smallest
    /// normal number.</summary>
    /// <param name="precision">The precision of both sides.</param>
    /// <param name="length">n, the longest reduction.</param>
    /// <param name="scale">S.</param>
    /// <param name="what">The quantity, for the report.</param>
    /// <param name="left">One side.</param>
    /// <param name="right">The other side.</param>
    let close precision (length: float) (scale: Tensor<float>) what (left: Tensor<float>) (right: Tensor<float>) =
        let unit = 16.0 * Precision.epsilon precision * length
        let s = scale.ToArray()

        let near place (a: float) (b: float) =
            let underflow = if s[place] = 0.0 then 0.0 else Precision.smallest precision

            a = b
            || Double.IsInfinity s[place]
            || abs (a - b) <= unit * s[place] + underflow

        let agree () =
            Array.zip (left.ToArray()) (right.ToArray())
            |> Array.indexed
            |> Array.forall (fun (place, (a, b)) -> near place a b)

        if left.Shape = right.Shape && scale.Shape = left.Shape && agree () then
            Holds
        else
            sides
                what
                left
                right
                $"\n  S     %O{scale}\n  and they may differ by 16·ε·%g{length} = %g{unit} times S ({precision} precision)"

/// A law: what it says, and how a case is judged by it.
[<ReferenceEquality>]
type Law =
    {
        /// Its number in the list of laws.
        Number: int
        /// The law as text.
        Statement: string
        /// The precisions in which it means something.
        Precisions: Precision list
        /// Its judgement of a case.
        Judge: Engine -> Precision -> Case -> Verdict
    }

    override law.ToString() = $"%d{law.Number}. %s{law.Statement}"

/// A law that a case breaks.
[<ReferenceEquality>]
type Failure =
    {
        /// The law.
        Law: Law
        /// The smallest case found.
        Case: Case
        /// Both sides, and how far they may differ.
        Detail: string
        /// How to draw the case that was shrunk to this one.
        Origin: string
    }

    // What the numbers on both sides come from, and so where to look.
    member private failure.Advice =
        match failure.Law.Number with
        | 9
        | 10 ->
            "\nJv comes from the pushforward and Jᵀw from the pullback (or the transpose): each should be the other's transpose, so one of the two is wrong. If finite differences (law 13) disagree as well, it is the pullback."
        | 11 ->
            "\nA pullback is linear in the cotangent w: it multiplies w by what depends on the operands alone, and sums. Look for a product of w with itself, a clip of w, or a term without w."
        | 13 ->
            "\nThe derivative comes from the rule, the finite differences from the value alone: the rule is wrong, or the value is not what the rule is for, or is not pure, or has a kink here, which the domain should leave out."
        | 20 -> "\nThe function gives different numbers for one input: let it depend on its operands alone."
        | 28 ->
            "\nThe rule given is not the derivative of the function. Where it is meant to be another, as one that clips, there is nothing to check."
        | _ -> ""

    override failure.ToString() =
        $"law %O{failure.Law}\nis broken by\n%s{failure.Case.Text}\n%s{failure.Detail}%s{failure.Advice}\n(%s{failure.Origin})"

/// Laws at work.
[<RequireQualifiedAccess>]
module Law =

    /// <summary>A law in both precisions.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="statement">What it says.</param>
    /// <param name="judge">How it judges.</param>
    let both number statement judge =
        {
            Number = number
            Statement = statement
            Precisions = [ Precision.Double; Precision.Single ]
            Judge = judge
        }

    /// <summary>A law in double precision alone.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="statement">What it says.</param>
    /// <param name="judge">How it judges.</param>
    let inDouble number statement judge =
        { both number statement judge with
            Precisions = [ Precision.Double ]
        }

    /// <summary>What a law says of a case in all its precisions; an exception breaks it.</summary>
    /// <param name="engine">What is tested.</param>
    /// <param name="law">The law.</param>
    /// <param name="case">The case.</param>
    let judge engine (law: Law) (case: Case) =
        try
            law.Precisions
            |> Seq.map (fun precision -> law.Judge engine precision case)
            |> Verdict.all
        with error ->
            let where = (string error).Split '\n' |> Array.truncate 6 |> String.concat "\n"
            Broken $"it threw %s{where}"

    let rec private shrink engine law case detail =
        let next =
            Shrinking.smaller case
            |> Seq.tryPick (fun smaller ->
                match judge engine law smaller with
                | Broken text -> Some(smaller, text)
                | _ -> None)

        match next with
        | Some(smaller, text) -> shrink engine law smaller text
        | None -> case, detail

    /// <summary>The shrunk failure of a law on a case, or none.</summary>
    /// <param name="engine">What is tested.</param>
    /// <param name="origin">How the case was drawn, for the report.</param>
    /// <param name="law">The law.</param>
    /// <param name="case">The case.</param>
    let failureOn engine origin law case =
        match judge engine law case with
        | Broken detail ->
            let smallest, shown = shrink engine law case detail

            Some
                {
                    Law = law
                    Case = smallest
                    Detail = shown
                    Origin = origin
                }
        | _ -> None

    /// <summary>Tries a law on so many cases of one's own from a seed; the first failure, shrunk.</summary>
    /// <param name="cases">What draws them.</param>
    /// <param name="engine">What is tested.</param>
    /// <param name="seed">The seed: the same one draws the same cases.</param>
    /// <param name="count">How many cases.</param>
    /// <param name="law">The law.</param>
    let searchIn (cases: Gen<Case>) engine (seed: uint64) count law =
        Seq.init count id
        |> Seq.tryPick (fun place ->
            cases
            |> Gen.sampleWithSeed (Rnd(seed + uint64 place)) (place % 100 + 1) 1
            |> Seq.tryPick (failureOn engine $"seed %d{seed}, case %d{place}" law))

    /// <summary>Tries a law on so many random graphs from a seed; the first failure, shrunk.</summary>
    /// <param name="engine">What is tested.</param>
    /// <param name="seed">The seed: the same one draws the same cases.</param>
    /// <param name="count">How many cases.</param>
    /// <param name="law">The law.</param>
    let search engine seed count law =
        searchIn Graphs.generator engine seed count law

    /// Random cases, with the shrinker, for FsCheck.
    let cases = Arb.fromGenShrink (Graphs.generator, Shrinking.smaller)

    /// <summary>The law as a property for FsCheck.</summary>
    /// <param name="engine">What is tested.</param>
    /// <param name="law">The law.</param>
    let property engine law : Property =
        Prop.forAll cases (fun case ->
            match judge engine law case with
            | Broken detail -> failwith $"law %O{law}: %s{detail}"
            | Holds
            | Vacuous -> true)
