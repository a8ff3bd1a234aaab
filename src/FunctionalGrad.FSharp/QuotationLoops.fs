namespace FunctionalGrad.FSharp

open Microsoft.FSharp.Quotations
open QuotationParts

/// Loops, which are unrolled as they are read.
[<RequireQualifiedAccess>]
module internal QuotationLoops =

    let private mostTurns = 1_000_000

    let private unknown part =
        unreadable
            part
            "how often the loop runs depends on the arguments, and a loop is unrolled when the quotation is read"
            QuotationText.tracing

    /// A loop over whole numbers.
    let overRange (part: Expr) first last (turn: int -> unit) : Meaning =
        match first, last with
        | Known(:? int as first), Known(:? int as last) ->
            if int64 last - int64 first >= int64 mostTurns then
                unreadable
                    part
                    $"the loop is unrolled, and would be {int64 last - int64 first + 1L} times as long"
                    "write it over Expr with tensors, whose graph stays small"

            for i in first..last do
                turn i

            Meaning.nothing
        | _ -> unknown part

    /// A loop as long as a condition holds.
    let whileHolds (part: Expr) (test: unit -> Meaning) (turn: unit -> unit) : Meaning =
        let again () =
            match test () with
            | Known(:? bool as truth) -> truth
            | _ -> unknown part

        let mutable turns = 0

        while again () do
            turns <- turns + 1

            if turns > mostTurns then
                unreadable
                    part
                    $"the loop is unrolled, and did not end after {mostTurns} turns"
                    "write it over Expr with tensors, whose graph stays small"

            turn ()

        Meaning.nothing
