namespace FunctionalGrad.FSharp

open System
open FunctionalGrad
open Microsoft.FSharp.Quotations
open Microsoft.FSharp.Reflection

/// What is made of meanings where a quotation says so, and what is said where there is nothing to make.
module internal QuotationParts =

    let unreadable part reason remedy =
        QuotationText.unreadable part reason remedy

    let numberOf (part: Expr) meaning : FunctionalGrad.Expr =
        match meaning with
        | Number number -> number
        | Known(Meaning.Numeral number) -> FunctionalGrad.Expr.Constant number
        | _ -> unreadable part $"it is of type {part.Type.Name} where a number is needed" QuotationText.tracing

    let conditionOf (part: Expr) meaning : FunctionalGrad.Expr =
        match meaning with
        | Condition condition -> condition
        | Known(:? bool as truth) -> FunctionalGrad.Expr.Constant(if truth then 1.0 else 0.0)
        | _ -> unreadable part "it is no condition on numbers" QuotationText.tracing

    let rec merged (part: Expr) condition whenTrue whenFalse =
        match whenTrue, whenFalse with
        | a, b when Object.ReferenceEquals(a, b) -> a
        | Known a, Known b when Object.Equals(a, b) -> Known a
        | Parts a, Parts b when a.Length = b.Length -> List.map2 (merged part condition) a b |> Parts
        | Entries a, Entries b when a.Length = b.Length -> Array.map2 (merged part condition) a b |> Entries
        | (Condition _ | Known(:? bool)), (Condition _ | Known(:? bool)) ->
            Condition(FunctionalGrad.Expr.Select(condition, conditionOf part whenTrue, conditionOf part whenFalse))
        | (Number _ | Known(Meaning.Numeral _)), (Number _ | Known(Meaning.Numeral _)) ->
            Number(FunctionalGrad.Expr.Select(condition, numberOf part whenTrue, numberOf part whenFalse))
        | _ ->
            unreadable
                part
                "which branch is taken depends on the arguments, and they give no numbers"
                QuotationText.tracing

    let called (part: Expr) (call: unit -> objnull) =
        try
            match call () with
            | :? Meaning as meaning -> meaning
            | value -> Known value
        with problem ->
            let cause = QuotationText.causeOf problem

            raise (
                UnreadableExpressionException(
                    QuotationText.ofPart part,
                    $"it does not depend on the arguments, so it was evaluated when the quotation was read, and threw {cause.GetType().Name}: {cause.Message}",
                    "put that right, or compute it before the quotation",
                    cause
                )
            )

    let knownOf meaning =
        match meaning with
        | Known value -> Some value
        | Parts [] -> None
        | _ -> None

    let allKnown meanings =
        let known = meanings |> List.choose knownOf

        if known.Length = meanings.Length then Some known else None

    /// The parts of a tuple.
    let together kind parts =
        match allKnown parts with
        | Some known when FSharpType.IsTuple kind -> Known(FSharpValue.MakeTuple(Array.ofList known, kind))
        | _ -> Parts parts

    /// The parts of a record.
    let record kind parts =
        match allKnown parts with
        | Some known -> Known(FSharpValue.MakeRecord(kind, Array.ofList known))
        | None -> Parts parts

    /// A case of a union with its parts.
    let union part (case: UnionCaseInfo) parts =
        match case.Name, parts with
        | "Cons", [ head; Meaning.Sequence tail ] when allKnown parts |> Option.isNone ->
            Entries(Array.append [| head |] tail)
        | _ ->
            match allKnown parts with
            | Some known -> called part (fun () -> FSharpValue.MakeUnion(case, Array.ofList known))
            | None ->
                unreadable
                    part
                    $"a {case.DeclaringType.Name} that depends on the arguments is no number"
                    QuotationText.tracing

    /// An entry of an array or a list.
    let entry part (entries: Meaning array) index =
        match index with
        | Known(:? int as index) when index >= 0 && index < entries.Length -> entries[index]
        | Known index ->
            unreadable
                part
                $"the index {index} is outside of an array of {entries.Length} numbers"
                "give the length that the array has"
        | _ ->
            unreadable
                part
                "the index depends on the arguments"
                "use indices that are known when the quotation is read, or write the function over Expr with Gather"

    // A closure inherits from the type of its functions, which says what it takes.
    let private invoke (f: obj) (argument: objnull) : objnull =
        let rec search (kind: Type) =
            match kind.BaseType with
            | _ when
                kind.IsGenericType
                && kind.GetGenericTypeDefinition() = typedefof<FSharpFunc<_, _>>
                ->
                kind
            | NonNull parent -> search parent
            | Null -> invalidOp $"{f.GetType()} is no function"

        match (search (f.GetType())).GetMethod("Invoke") with
        | null -> invalidOp $"{f.GetType()} is no function"
        | invoke -> invoke.Invoke(f, [| argument |])

    /// Calls a function.
    let apply part f argument : Meaning =
        match f, argument with
        | Function body, _ -> Depth.onward (fun () -> body argument)
        | Known(NonNull f), Known value -> called part (fun () -> invoke f value)
        | _ ->
            unreadable
                part
                "the function is a value whose code cannot be read"
                $"mark its definition with [<ReflectedDefinition>], or {QuotationText.tracing}"
