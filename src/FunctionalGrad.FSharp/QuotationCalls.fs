namespace FunctionalGrad.FSharp

open System
open System.Reflection
open FunctionalGrad
open Microsoft.FSharp.Quotations
open Microsoft.FSharp.Quotations.Patterns
open Microsoft.FSharp.Reflection
open QuotationParts

/// The entries of an array, one after the other, as a loop over it asks for them.
type internal MeaningEnumerator(entries: Meaning array) =
    let mutable index = -1

    member _.MoveNext() =
        index <- index + 1
        index < entries.Length

    member _.Current = entries[index]

/// Calls of methods and properties. Definitions that are found on the way are read by what is given, in no scope.
[<RequireQualifiedAccess>]
module internal QuotationCalls =

    let private opaque part (method: MethodInfo) =
        let name = QuotationText.nameOf method

        unreadable
            part
            (if
                 (QuotationText.declaring method) = typeof<Math>
                 || (QuotationText.declaring method) = typeof<MathF>
             then
                 $"Math.{name} has no derivative that would be of use"
             else
                 $"the quotation holds a call of {name} and not what it does")
            $"mark its definition with [<ReflectedDefinition>], or {QuotationText.tracing}"

    // Where numbers of a generic function stood, expressions stand.
    let private expressionFor (kind: Type) =
        if kind = typeof<float> || kind = typeof<float32> then
            typeof<FunctionalGrad.Expr>
        else
            kind

    /// An inline function is generic once its witnesses are arguments: it runs on expressions as on numbers.
    let private onExpressions read part (withWitnesses: MethodInfo) witnesses arguments meanings =
        let reader =
            withWitnesses
                .GetGenericMethodDefinition()
                .MakeGenericMethod(withWitnesses.GetGenericArguments() |> Array.map expressionFor)

        let parameters =
            reader.GetParameters()
            |> Array.map (fun parameter -> parameter.ParameterType)
            |> List.ofArray

        let given =
            (witnesses |> List.map (fun witness -> witness, read witness))
            @ List.zip arguments meanings

        let values =
            List.map2 (fun kind (argument, meaning) -> QuotationValues.toValue argument kind meaning) parameters given

        try
            QuotationValues.ofValue (reader.Invoke(null, Array.ofList values))
        with :? TargetInvocationException as problem ->
            let cause = QuotationText.causeOf problem

            match cause with
            | :? UnreadableExpressionException -> raise cause
            | _ ->
                raise (
                    UnreadableExpressionException(
                        QuotationText.ofPart part,
                        $"it was run on expressions, and threw {cause.GetType().Name}: {cause.Message}",
                        $"mark its definition with [<ReflectedDefinition>], or {QuotationText.tracing}",
                        cause
                    )
                )

    let private witnessed read part method arguments meanings =
        match part with
        | CallWithWitnesses(None, _, withWitnesses, witnesses, _) when withWitnesses.IsGenericMethod ->
            onExpressions read part withWitnesses witnesses arguments meanings
        | _ -> opaque part method

    let private needsWitnesses (part: Expr) =
        match part with
        | CallWithWitnesses _ -> true
        | _ -> false

    // Methods take tuples as several parameters, which their definition has as lambdas over tuples.
    let private defined (read: Expr -> Meaning) part definition meanings =
        let rec given (definition: Expr) f (meanings: Meaning list) =
            match definition, meanings with
            | _, [] -> f
            | Lambda(variable, body), _ when
                FSharpType.IsTuple variable.Type
                && meanings.Length >= FSharpType.GetTupleElements(variable.Type).Length
                ->
                let count = FSharpType.GetTupleElements(variable.Type).Length
                let parts = List.take count meanings

                match parts with
                | [ only ] -> given body (apply part f only) (List.skip count meanings)
                | _ -> given body (apply part f (together variable.Type parts)) (List.skip count meanings)
            | Lambda(_, body), head :: rest -> given body (apply part f head) rest
            | _, head :: rest -> given definition (apply part f head) rest

        match definition, meanings with
        | Lambda(variable, _), [] when variable.Type = typeof<unit> -> apply part (read definition) Meaning.nothing
        | _ -> given definition (read definition) meanings

    /// A static method that F# does not give: one of .NET's functions, one that is reflected, or one that can be evaluated.
    let private ofMethod read part (method: MethodInfo) arguments meanings =
        match Expr.TryGetReflectedDefinition method, allKnown meanings with
        | None, Some known when needsWitnesses part ->
            // Without its witnesses an inline function works on the types of numbers that F# knows, and says so of others.
            try
                Known(method.Invoke(null, Array.ofList known))
            with :? TargetInvocationException as problem when (QuotationText.causeOf problem :? NotSupportedException) ->
                witnessed read part method arguments meanings
        | None, Some known -> called part (fun () -> method.Invoke(null, Array.ofList known))
        | Some definition, _ -> defined read part definition meanings
        | None, _ when MathFunctions.Has method ->
            let operands =
                List.map2
                    (fun argument meaning ->
                        match meaning with
                        | Known(:? Enum as mode) ->
                            FunctionalGrad.Expr.Constant(float (Convert.ToInt32 mode)) :> FunctionalGrad.Expr
                        | _ -> numberOf argument meaning)
                    arguments
                    meanings

            let results = MathFunctions.Apply(method, ReadOnlySpan(Array.ofList operands))

            match List.ofSeq results with
            | [] ->
                unreadable
                    part
                    "an argument of it must be known when the quotation is read, and within its range"
                    "use a constant there"
            | [ condition ] when method.ReturnType = typeof<bool> -> Condition condition
            | [ number ] -> Number number
            | several -> several |> List.map Number |> Parts
        | None, _ -> witnessed read part method arguments meanings

    /// A call of a method on a value or of a static one, whose arguments have been read.
    let method (read: Expr -> Meaning) part target (method: MethodInfo) arguments meanings : Meaning =
        match target, meanings with
        | Some(Entries entries), _ when method.Name = "GetEnumerator" -> Known(MeaningEnumerator entries)
        | Some(Known(:? MeaningEnumerator as entries)), _ when method.Name = "MoveNext" ->
            Known(box (entries.MoveNext()))
        | Some(Known null), _ -> unreadable part "it is called on null when the quotation is read" "set it before"
        | Some(Known value), _ ->
            match allKnown meanings with
            | Some known -> called part (fun () -> method.Invoke(value, Array.ofList known))
            | None -> opaque part method
        | Some _, _ -> opaque part method
        | None, _ when QuotationFunctions.isCore method ->
            match QuotationFunctions.ofCore part method arguments meanings with
            | Some meaning -> meaning
            | None -> ofMethod read part method arguments meanings
        | None, _ -> ofMethod read part method arguments meanings

    /// A property, of a value or of none.
    let property (read: Expr -> Meaning) part target (property: PropertyInfo) (indices: Meaning list) : Meaning =
        match target, property.Name with
        | None, _ ->
            match property.GetMethod with
            | NonNull getter when FSharpType.IsFunction property.PropertyType ->
                match Expr.TryGetReflectedDefinition getter with
                | Some definition -> read definition
                | None -> called part (fun () -> property.GetValue null)
            | _ -> called part (fun () -> property.GetValue null)
        | Some(Known(:? MeaningEnumerator as entries)), "Current" -> entries.Current
        | Some(Entries entries), ("Length" | "Count") -> Known(box entries.Length)
        | Some(Entries entries), "Head" -> entries[0]
        | Some(Entries entries), "Tail" -> Entries entries[1..]
        | Some(Entries entries), "IsEmpty" -> Known(box (entries.Length = 0))
        | Some(Entries entries), "Item" -> entry part entries indices.Head
        | Some(Parts parts), _ when FSharpType.IsRecord(QuotationText.declaring property) ->
            let index =
                FSharpType.GetRecordFields(QuotationText.declaring property)
                |> Array.findIndex (fun field -> field.Name = property.Name)

            parts[index]
        | Some(Known null), _ -> unreadable part "it is null when the quotation is read" "set it before"
        | Some(Known value), _ ->
            match allKnown indices with
            | Some known -> called part (fun () -> property.GetValue(value, Array.ofList known))
            | None ->
                unreadable
                    part
                    "the index depends on the arguments"
                    "use indices that are known when the quotation is read"
        | _ -> unreadable part $"{property.Name} depends on the arguments and is no number" QuotationText.tracing
