namespace FunctionalGrad.FSharp

open System
open System.Reflection
open FunctionalGrad
open Microsoft.FSharp.Quotations
open QuotationParts

/// F#'s own operators and functions, on meanings.
[<RequireQualifiedAccess>]
module internal QuotationFunctions =

    let private isWhole (kind: Type) =
        match Type.GetTypeCode kind with
        | TypeCode.Single
        | TypeCode.Double -> false
        | code -> code >= TypeCode.SByte && code <= TypeCode.UInt64

    /// Whether F# itself gives a method.
    let isCore (method: MemberInfo) =
        (QuotationText.declaring method).Assembly = typeof<list<int>>.Assembly

    /// Functions over arrays and lists.
    let private collection part name meanings : Meaning option =
        let apply = apply part
        let apply2 f x y = apply (apply f x) y

        let total (entries: Meaning array) =
            entries
            |> Array.map (numberOf part)
            |> Array.fold (fun (sum: FunctionalGrad.Expr) entry -> sum + entry) FunctionalGrad.Expr.Zero
            |> Number

        match name, meanings with
        | "Map", [ f; Meaning.Sequence x ] -> Some(x |> Array.map (apply f) |> Entries)
        | "MapIndexed", [ f; Meaning.Sequence x ] -> Some(x |> Array.mapi (fun i -> apply2 f (Known(box i))) |> Entries)
        | "Map2", [ f; Meaning.Sequence x; Meaning.Sequence y ] when x.Length = y.Length ->
            Some(Array.map2 (apply2 f) x y |> Entries)
        | "Fold", [ f; start; Meaning.Sequence x ] -> Some(x |> Array.fold (apply2 f) start)
        | "Reduce", [ f; Meaning.Sequence x ] when x.Length > 0 -> Some(x |> Array.reduce (apply2 f))
        | "Sum", [ Meaning.Sequence x ] -> Some(total x)
        | "SumBy", [ f; Meaning.Sequence x ] -> Some(x |> Array.map (apply f) |> total)
        | "Average", [ Meaning.Sequence x ] when x.Length > 0 -> Some(Number(numberOf part (total x) / float x.Length))
        | "Length", [ Meaning.Sequence x ] -> Some(Known(box x.Length))
        | "Initialize", [ Known(:? int as count); f ] ->
            Some(Array.init count (fun i -> apply f (Known(box i))) |> Entries)
        | ("ToArray" | "ToList" | "ToSeq" | "OfSeq" | "OfList" | "OfArray"), [ sequence ] -> Some sequence
        | "Head", [ Meaning.Sequence x ] when x.Length > 0 -> Some x[0]
        | "Last", [ Meaning.Sequence x ] when x.Length > 0 -> Some x[x.Length - 1]
        | "Reverse", [ Meaning.Sequence x ] -> Some(Entries(Array.rev x))
        | "Zip", [ Meaning.Sequence x; Meaning.Sequence y ] when x.Length = y.Length ->
            Some(Array.map2 (fun a b -> Parts [ a; b ]) x y |> Entries)
        | "Get", [ Entries x; index ] -> Some(entry part x index)
        | _ -> None

    /// What F#'s own operators and functions do; none where they are others.
    let ofCore (part: Expr) (method: MethodInfo) (arguments: Expr list) (meanings: Meaning list) : Meaning option =
        let number index =
            numberOf (List.item index arguments) meanings[index]

        // Witnesses are lambdas over these.
        let name =
            if method.Name.EndsWith "Dynamic" then
                "op_" + method.Name.Substring(0, method.Name.Length - "Dynamic".Length)
            else
                method.Name

        match name, meanings, allKnown meanings with
        | name, _, Some known when (QuotationOperators.known name known).IsSome ->
            QuotationOperators.known name known |> Option.map Known
        | "op_PipeRight", [ x; f ], _
        | "op_PipeLeft", [ f; x ], _ -> Some(apply part f x)
        | "op_PipeRight2", [ x; y; f ], _ -> Some(apply part (apply part f x) y)
        | "op_PipeRight3", [ x; y; z; f ], _ -> Some(apply part (apply part (apply part f x) y) z)
        | "op_ComposeRight", [ f; g ], _
        | "op_ComposeLeft", [ g; f ], _ -> Some(Function(fun x -> apply part g (apply part f x)))
        | "op_ComposeRight", [ f; g; x ], _
        | "op_ComposeLeft", [ g; f; x ], _ -> Some(apply part g (apply part f x))
        | ("Identity" | "Box" | "Unbox" | "UnboxGeneric" | "ToDoubleChecked"), [ x ], _ -> Some x
        | "Ignore", _, _ -> Some Meaning.nothing
        | "Fst", [ Parts parts ], _ -> Some parts[0]
        | "Snd", [ Parts parts ], _ -> Some parts[1]
        | "Not", [ condition ], _ ->
            Some(Condition(FunctionalGrad.Expr.op_LogicalNot (conditionOf arguments[0] condition)))
        | "GetArray", [ Entries entries; index ], _ -> Some(entry part entries index)
        | "GetArray", [ Known(:? Array as array); Known(:? int as index) ], _ ->
            if index < 0 || index >= array.Length then
                unreadable
                    part
                    $"the index {index} is outside of an array of {array.Length} entries"
                    "use an index that it has"

            Some(Known(array.GetValue index))
        | "GetArray", _, _ -> Some(entry part [||] (Number(FunctionalGrad.Expr.Zero)))
        | "op_Modulus", [ _; _ ], None ->
            unreadable
                part
                "a remainder jumps, and an expression has none"
                "write x - y * floor (x / y), whose derivative by x is 1"
        | QuotationOperators.Unary(onExpr, _), [ _ ], _ -> Some(Number(onExpr (number 0)))
        | name, [ x ], _ when (QuotationOperators.conversion name).IsSome ->
            match x, QuotationOperators.conversion name with
            | (Number _ | Known(Meaning.Numeral _)), Some true when not (isWhole (List.head arguments).Type) ->
                Some(Number(QuotationOperators.truncated (number 0)))
            | (Number _ | Known(Meaning.Numeral _)), _ -> Some(Number(number 0))
            | _ -> None
        | name, [ (Condition _ | Known(:? bool)); (Condition _ | Known(:? bool)) ], _ when
            name = "op_Equality" || name = "op_Inequality"
            ->
            let x, y =
                conditionOf arguments[0] meanings[0], conditionOf arguments[1] meanings[1]

            QuotationOperators.comparison name x y |> Option.map Condition
        | name, [ (Number _ | Known(Meaning.Numeral _)); (Number _ | Known(Meaning.Numeral _)) ], None ->
            let exponent =
                match meanings[1] with
                | Known(Meaning.Numeral known) -> Some known
                | _ -> None

            QuotationOperators.comparison name (number 0) (number 1)
            |> Option.map Condition
            |> Option.orElseWith (fun () ->
                QuotationOperators.binary name (isWhole part.Type) exponent (number 0) (number 1)
                |> Option.map Number)
        | name, _, None when
            (QuotationText.declaring method).Name = "ArrayModule"
            || (QuotationText.declaring method).Name = "ListModule"
            || (QuotationText.declaring method).Name = "SeqModule"
            ->
            collection part name meanings
        | _ -> None
