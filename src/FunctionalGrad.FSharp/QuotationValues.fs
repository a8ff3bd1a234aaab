namespace FunctionalGrad.FSharp

open System
open FunctionalGrad
open Microsoft.FSharp.Quotations
open QuotationParts
open Microsoft.FSharp.Reflection

/// Meanings as values of compiled code, and back.
[<RequireQualifiedAccess>]
module internal QuotationValues =

    /// The meaning of what compiled code gave.
    let rec ofValue (value: objnull) : Meaning =
        match value with
        | :? FunctionalGrad.Expr as number -> Number number
        | null -> Known null
        | value when FSharpType.IsTuple(value.GetType()) ->
            let parts = FSharpValue.GetTupleFields value |> Array.map ofValue |> List.ofArray

            if allKnown parts |> Option.isSome then
                Known value
            else
                Parts parts
        | value -> Known value

    /// A meaning as a value that compiled code can work with.
    let rec toValue (part: Expr) (kind: Type) meaning : objnull =
        match meaning with
        | _ when kind = typeof<FunctionalGrad.Expr> -> numberOf part meaning
        | Function body when FSharpType.IsFunction kind ->
            let _, range = FSharpType.GetFunctionElements kind

            FSharpValue.MakeFunction(kind, fun argument -> toValue part range (body (ofValue argument)))
        | Parts parts when FSharpType.IsTuple kind ->
            let kinds = FSharpType.GetTupleElements kind |> List.ofArray

            FSharpValue.MakeTuple(
                List.map2 (fun kind inner -> toValue part kind inner) kinds parts
                |> Array.ofList,
                kind
            )
        | Entries entries when kind.IsArray ->
            let array = Array.CreateInstance(QuotationText.elementOf kind, entries.Length)

            entries
            |> Array.iteri (fun i entry -> array.SetValue(toValue part (QuotationText.elementOf kind) entry, i))

            array
        | Known value -> value
        | _ ->
            unreadable
                part
                "it depends on the arguments, and is passed to a function that is not over numbers"
                QuotationText.tracing
