namespace FunctionalGrad.FSharp

open System
open System.Collections
open System.Reflection
open FunctionalGrad
open Microsoft.FSharp.Quotations
open Microsoft.FSharp.Quotations.Patterns
open Microsoft.FSharp.Reflection

/// What a name stands for: a meaning, or a place whose meaning changes as a quotation is run.
type internal Binding =
    | Fixed of Meaning
    | Place of int

/// The entries of an array, one after the other, as a loop over it asks for them.
type internal MeaningEnumerator(entries: Meaning array) =
    let mutable index = -1

    member _.MoveNext() =
        index <- index + 1
        index < entries.Length

    member _.Current = entries[index]

/// <summary>
/// Reads a quotation over numbers as an expression: runs it on expressions. What does not depend on the arguments is known
/// while it is read, loops among it, which are unrolled.
/// </summary>
type internal QuotationReader() =

    let mostTurns = 1_000_000

    // Meanings of mutable names. The map itself is immutable, so both branches of a choice start from the same one.
    let mutable state: Map<int, Meaning> = Map.empty
    let mutable places = 0
    let mutable recursions = 0

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

    let isWhole (kind: Type) =
        match Type.GetTypeCode kind with
        | TypeCode.Single
        | TypeCode.Double -> false
        | code -> code >= TypeCode.SByte && code <= TypeCode.UInt64

    let isCore (method: MemberInfo) =
        (QuotationText.declaring method).Assembly = typeof<list<int>>.Assembly

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

    // Where numbers of a generic function stood, expressions stand.
    let onExpressions (kind: Type) =
        if kind = typeof<float> || kind = typeof<float32> then
            typeof<FunctionalGrad.Expr>
        else
            kind

    member private this.After(part: Expr, env: Map<Var, Binding>) : Meaning =
        Depth.onward (fun () -> this.Read(env, part))

    /// The meaning of a part.
    member this.Read(env: Map<Var, Binding>, part: Expr) : Meaning =
        let mutable env = env
        let mutable part = part

        // Chains of lets and sequences are as long as a function has lines: a loop, not a recursion.
        let mutable going = true

        while going do
            match part with
            | Let(variable, value, body) ->
                let meaning = this.After(value, env)
                env <- this.Bound(env, variable, meaning)
                part <- body
            | Sequential(first, second) ->
                this.After(first, env) |> ignore
                part <- second
            | Coerce(inner, _) -> part <- inner
            | _ -> going <- false

        this.ReadOne(env, part)

    member private _.Bound(env: Map<Var, Binding>, variable: Var, meaning) =
        if variable.IsMutable then
            places <- places + 1
            state <- state.Add(places, meaning)
            env.Add(variable, Place places)
        else
            env.Add(variable, Fixed meaning)

    member private this.ReadOne(env: Map<Var, Binding>, part: Expr) : Meaning =
        match part with
        | Value(value, _)
        | ValueWithName(value, _, _) -> Known value
        | Var variable ->
            match env.TryFind variable with
            | Some(Fixed meaning) -> meaning
            | Some(Place place) -> state[place]
            | None -> unreadable part "it is bound outside of the quotation" "quote the whole function"
        | Lambda(variable, body) -> Function(fun argument -> this.After(body, this.Bound(env, variable, argument)))
        | Application(f, argument) ->
            let f = this.After(f, env)
            this.Apply(part, f, this.After(argument, env))
        | IfThenElse(test, whenTrue, whenFalse) -> this.Choose(env, part, test, whenTrue, whenFalse)
        | NewTuple parts ->
            parts
            |> List.map (fun inner -> this.After(inner, env))
            |> this.Together part.Type
        | TupleGet(tuple, index) ->
            match this.After(tuple, env) with
            | Parts parts -> parts[index]
            | Known(NonNull value) -> Known(FSharpValue.GetTupleField(value, index))
            | _ -> unreadable part "it is no tuple" QuotationText.tracing
        | NewRecord(_, parts) -> parts |> List.map (fun inner -> this.After(inner, env)) |> this.Record part.Type
        | NewArray(_, parts) ->
            let parts = parts |> List.map (fun inner -> this.After(inner, env))

            match allKnown parts with
            | Some known ->
                let array = Array.CreateInstance(QuotationText.elementOf part.Type, known.Length)
                known |> List.iteri (fun i value -> array.SetValue(value, i))
                Known array
            | None -> Entries(Array.ofList parts)
        | NewUnionCase(case, parts) -> this.Union(part, case, parts |> List.map (fun inner -> this.After(inner, env)))
        | UnionCaseTest(target, case) ->
            match this.After(target, env) with
            | Known(NonNull value) ->
                let actual, _ = FSharpValue.GetUnionFields(value, case.DeclaringType)
                Known(box (actual.Tag = case.Tag))
            | Entries entries -> Known(box ((case.Name = "Cons") = (entries.Length > 0)))
            | _ -> unreadable part "which case it is depends on the arguments" QuotationText.tracing
        | Call(target, method, arguments) -> this.Call(env, part, target, method, arguments)
        | PropertyGet(target, property, indices) ->
            let target = target |> Option.map (fun inner -> inner, this.After(inner, env))
            this.Property(part, target, property, indices |> List.map (fun inner -> this.After(inner, env)))
        | FieldGet(None, field) -> Known(field.GetValue null)
        | FieldGet(Some target, field) ->
            match this.After(target, env) with
            | Known value -> called part (fun () -> field.GetValue value)
            | _ -> unreadable part $"{field.Name} depends on the arguments and is no number" QuotationText.tracing
        | NewObject(made, arguments) ->
            match arguments |> List.map (fun inner -> this.After(inner, env)) |> allKnown with
            | Some known -> called part (fun () -> made.Invoke(Array.ofList known))
            | None ->
                unreadable
                    part
                    $"a new {(QuotationText.declaring made).Name} that depends on the arguments is no number"
                    QuotationText.tracing
        | VarSet(variable, value) ->
            let meaning = this.After(value, env)

            match env.TryFind variable with
            | Some(Place place) -> state <- state.Add(place, meaning)
            | _ ->
                unreadable
                    part
                    $"{variable.Name} is bound outside of the quotation"
                    "make it a local of the quoted function"

            Meaning.nothing
        | ForIntegerRangeLoop(variable, first, last, body) ->
            match this.After(first, env), this.After(last, env) with
            | Known(:? int as first), Known(:? int as last) ->
                if int64 last - int64 first >= int64 mostTurns then
                    unreadable
                        part
                        $"the loop is unrolled, and would be {int64 last - int64 first + 1L} times as long"
                        "write it over Expr with tensors, whose graph stays small"

                for i in first..last do
                    this.After(body, env.Add(variable, Fixed(Known(box i)))) |> ignore

                Meaning.nothing
            | _ ->
                unreadable
                    part
                    "how often the loop runs depends on the arguments, and a loop is unrolled when the quotation is read"
                    QuotationText.tracing
        | WhileLoop(test, body) ->
            let mutable turns = 0

            let again () =
                match this.After(test, env) with
                | Known(:? bool as truth) -> truth
                | _ ->
                    unreadable
                        part
                        "how often the loop runs depends on the arguments, and a loop is unrolled when the quotation is read"
                        QuotationText.tracing

            while again () do
                turns <- turns + 1

                if turns > mostTurns then
                    unreadable
                        part
                        $"the loop is unrolled, and did not end after {mostTurns} turns"
                        "write it over Expr with tensors, whose graph stays small"

                this.After(body, env) |> ignore

            Meaning.nothing
        | TryFinally(body, finalizer) ->
            let result = this.After(body, env)
            this.After(finalizer, env) |> ignore
            result
        | TypeTest(inner, kind) ->
            match this.After(inner, env) with
            | Known value -> Known(box (kind.IsInstanceOfType value))
            | _ -> unreadable part "its type depends on the arguments" QuotationText.tracing
        | LetRecursive(bindings, body) ->
            let outer = ref env

            let together =
                bindings
                |> List.map (fun (variable, value) ->
                    variable, Function(fun argument -> this.Recursive(part, outer, value, argument)))

            outer.Value <-
                (env, together)
                ||> List.fold (fun env (variable, meaning) -> env.Add(variable, Fixed meaning))

            this.After(body, outer.Value)
        | DefaultValue kind ->
            Known(
                if kind.IsValueType then
                    Activator.CreateInstance kind
                else
                    null
            )
        | QuoteTyped _
        | QuoteRaw _ -> unreadable part "it is a quotation inside a quotation" "splice it with %"
        | _ -> unreadable part $"an expression has nothing for it" QuotationText.tracing

    // A recursion that depends on the arguments never ends: both branches of every choice are read.
    member private this.Recursive(part, env, value, argument) =
        recursions <- recursions + 1

        try
            if recursions > 10_000 then
                unreadable
                    part
                    "it calls itself too often, since whether it goes on depends on the arguments or is many steps away"
                    QuotationText.tracing

            this.Apply(part, this.After(value, env.Value), argument)
        finally
            recursions <- recursions - 1

    member private _.Together kind parts =
        match allKnown parts with
        | Some known when FSharpType.IsTuple kind -> Known(FSharpValue.MakeTuple(Array.ofList known, kind))
        | _ -> Parts parts

    member private _.Record kind parts =
        match allKnown parts with
        | Some known -> Known(FSharpValue.MakeRecord(kind, Array.ofList known))
        | None -> Parts parts

    member private _.Union(part, case, parts) =
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

    member private this.Choose(env, part, test, whenTrue, whenFalse) =
        match this.After(test, env) with
        | Known(:? bool as truth) -> this.After((if truth then whenTrue else whenFalse), env)
        | meaning ->
            let condition = conditionOf test meaning
            let before = state
            let first = this.After(whenTrue, env)
            let afterFirst = state
            state <- before
            let second = this.After(whenFalse, env)
            let afterSecond = state

            // What both branches may have set is the one or the other from here on; what a branch made for itself is gone.
            state <-
                before
                |> Map.map (fun place _ -> merged part condition afterFirst[place] afterSecond[place])

            if part.Type = typeof<unit> then
                Meaning.nothing
            else
                merged part condition first second

    /// Calls a function.
    member private this.Apply(part: Expr, f, argument) : Meaning =
        match f, argument with
        | Function body, _ -> Depth.onward (fun () -> body argument)
        | Known(NonNull f), Known value -> called part (fun () -> QuotationReader.Invoke(f, value))
        | _ ->
            unreadable
                part
                "the function is a value whose code cannot be read"
                $"mark its definition with [<ReflectedDefinition>], or {QuotationText.tracing}"

    // A closure inherits from the type of its functions, which says what it takes.
    static member private Invoke(f: obj, argument: objnull) : objnull =
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

    member private this.Property(part: Expr, target, property: PropertyInfo, indices) =
        match target, property.Name with
        | None, _ ->
            match property.GetMethod with
            | NonNull getter when FSharpType.IsFunction property.PropertyType ->
                match Expr.TryGetReflectedDefinition getter with
                | Some definition -> this.After(definition, Map.empty)
                | None -> called part (fun () -> property.GetValue null)
            | _ -> called part (fun () -> property.GetValue null)
        | Some(_, Known(:? MeaningEnumerator as entries)), "Current" -> entries.Current
        | Some(_, Entries entries), ("Length" | "Count") -> Known(box entries.Length)
        | Some(_, Entries entries), "Head" -> entries[0]
        | Some(_, Entries entries), "Tail" -> Entries entries[1..]
        | Some(_, Entries entries), "IsEmpty" -> Known(box (entries.Length = 0))
        | Some(inner, Entries entries), "Item" -> this.Entry(part, inner, entries, indices.Head)
        | Some(_, Parts parts), _ when FSharpType.IsRecord(QuotationText.declaring property) ->
            let index =
                FSharpType.GetRecordFields(QuotationText.declaring property)
                |> Array.findIndex (fun field -> field.Name = property.Name)

            parts[index]
        | Some(_, Known null), _ -> unreadable part "it is null when the quotation is read" "set it before"
        | Some(_, Known value), _ ->
            match allKnown indices with
            | Some known -> called part (fun () -> property.GetValue(value, Array.ofList known))
            | None ->
                unreadable
                    part
                    "the index depends on the arguments"
                    "use indices that are known when the quotation is read"
        | _ -> unreadable part $"{property.Name} depends on the arguments and is no number" QuotationText.tracing

    member private _.Entry(part, _: Expr, entries: Meaning array, index) =
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

    member private this.Call(env, part: Expr, target, method: MethodInfo, arguments: Expr list) : Meaning =
        let target = target |> Option.map (fun inner -> this.After(inner, env))
        let meanings = arguments |> List.map (fun inner -> this.After(inner, env))

        match target, meanings with
        | Some(Entries entries), _ when method.Name = "GetEnumerator" -> Known(MeaningEnumerator entries)
        | Some(Known(:? MeaningEnumerator as entries)), _ when method.Name = "MoveNext" ->
            Known(box (entries.MoveNext()))
        | Some(Known null), _ -> unreadable part "it is called on null when the quotation is read" "set it before"
        | Some(Known value), _ ->
            match allKnown meanings with
            | Some known -> called part (fun () -> method.Invoke(value, Array.ofList known))
            | None -> this.Opaque(part, method)
        | Some _, _ -> this.Opaque(part, method)
        | None, _ when isCore method ->
            match this.Core(part, method, arguments, meanings) with
            | Some meaning -> meaning
            | None -> this.Static(part, method, arguments, meanings)
        | None, _ -> this.Static(part, method, arguments, meanings)

    /// A static method that F# does not give: one of .NET's functions, one that is reflected, or one that can be evaluated.
    member private this.Static(part, method: MethodInfo, arguments, meanings) =
        match Expr.TryGetReflectedDefinition method, allKnown meanings with
        | None, Some known when QuotationReader.NeedsWitnesses part ->
            // Without its witnesses an inline function works on the types of numbers that F# knows, and says so of others.
            try
                Known(method.Invoke(null, Array.ofList known))
            with :? TargetInvocationException as problem when (QuotationText.causeOf problem :? NotSupportedException) ->
                this.Witnessed(part, method, arguments, meanings)
        | None, Some known -> called part (fun () -> method.Invoke(null, Array.ofList known))
        | Some definition, _ -> this.Definition(part, definition, meanings)
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
        | None, _ -> this.Witnessed(part, method, arguments, meanings)

    member private this.Witnessed(part, method, arguments, meanings) =
        match part with
        | CallWithWitnesses(None, _, withWitnesses, witnesses, _) when withWitnesses.IsGenericMethod ->
            this.Inline(part, withWitnesses, witnesses, arguments, meanings)
        | _ -> this.Opaque(part, method)

    static member private NeedsWitnesses(part: Expr) =
        match part with
        | CallWithWitnesses _ -> true
        | _ -> false

    // Methods take tuples as several parameters, which their definition has as lambdas over tuples.
    member private this.Definition(part, definition, meanings) =
        let rec apply (definition: Expr) f (meanings: Meaning list) =
            match definition, meanings with
            | _, [] -> f
            | Lambda(variable, body), _ when
                FSharpType.IsTuple variable.Type
                && meanings.Length >= FSharpType.GetTupleElements(variable.Type).Length
                ->
                let count = FSharpType.GetTupleElements(variable.Type).Length
                let parts = List.take count meanings

                match parts with
                | [ only ] -> apply body (this.Apply(part, f, only)) (List.skip count meanings)
                | _ -> apply body (this.Apply(part, f, this.Together variable.Type parts)) (List.skip count meanings)
            | Lambda(_, body), head :: rest -> apply body (this.Apply(part, f, head)) rest
            | _, head :: rest -> apply definition (this.Apply(part, f, head)) rest

        match definition, meanings with
        | Lambda(variable, _), [] when variable.Type = typeof<unit> ->
            this.Apply(part, this.After(definition, Map.empty), Meaning.nothing)
        | _ -> apply definition (this.After(definition, Map.empty)) meanings

    /// An inline function is generic once its witnesses are arguments: it runs on expressions as on numbers.
    member private this.Inline(part, withWitnesses: MethodInfo, witnesses, arguments, meanings) =
        let reader =
            withWitnesses
                .GetGenericMethodDefinition()
                .MakeGenericMethod(withWitnesses.GetGenericArguments() |> Array.map onExpressions)

        let parameters =
            reader.GetParameters()
            |> Array.map (fun parameter -> parameter.ParameterType)
            |> List.ofArray

        let given =
            (witnesses |> List.map (fun witness -> witness, this.After(witness, Map.empty)))
            @ List.zip arguments meanings

        let values =
            List.map2 (fun kind (argument, meaning) -> this.Value(argument, kind, meaning)) parameters given

        try
            this.Meaning(reader.Invoke(null, Array.ofList values))
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

    // A meaning as a value that compiled code can work with, and back.
    member private this.Value(part: Expr, kind: Type, meaning) : objnull =
        match meaning with
        | _ when kind = typeof<FunctionalGrad.Expr> -> numberOf part meaning
        | Function body when FSharpType.IsFunction kind ->
            let domain, range = FSharpType.GetFunctionElements kind

            FSharpValue.MakeFunction(
                kind,
                fun argument -> this.Value(part, range, body (this.OfArgument domain argument))
            )
        | Parts parts when FSharpType.IsTuple kind ->
            let kinds = FSharpType.GetTupleElements kind |> List.ofArray

            FSharpValue.MakeTuple(
                List.map2 (fun kind inner -> this.Value(part, kind, inner)) kinds parts
                |> Array.ofList,
                kind
            )
        | Entries entries when kind.IsArray ->
            let array = Array.CreateInstance(QuotationText.elementOf kind, entries.Length)

            entries
            |> Array.iteri (fun i entry -> array.SetValue(this.Value(part, QuotationText.elementOf kind, entry), i))

            array
        | Known value -> value
        | _ ->
            unreadable
                part
                "it depends on the arguments, and is passed to a function that is not over numbers"
                QuotationText.tracing

    member private this.OfArgument _ (argument: objnull) = this.Meaning argument

    member private this.Meaning(value: objnull) : Meaning =
        match value with
        | :? FunctionalGrad.Expr as number -> Number number
        | null -> Known null
        | value when FSharpType.IsTuple(value.GetType()) ->
            let parts =
                FSharpValue.GetTupleFields value |> Array.map this.Meaning |> List.ofArray

            if allKnown parts |> Option.isSome then
                Known value
            else
                Parts parts
        | value -> Known value

    member private _.Opaque(part, method: MethodInfo) =
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

    /// What F#'s own operators and functions do; none where they are others.
    member private this.Core(part: Expr, method: MethodInfo, arguments, meanings) : Meaning option =
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
        | "op_PipeLeft", [ f; x ], _ -> Some(this.Apply(part, f, x))
        | "op_PipeRight2", [ x; y; f ], _ -> Some(this.Apply(part, this.Apply(part, f, x), y))
        | "op_PipeRight3", [ x; y; z; f ], _ -> Some(this.Apply(part, this.Apply(part, this.Apply(part, f, x), y), z))
        | "op_ComposeRight", [ f; g ], _
        | "op_ComposeLeft", [ g; f ], _ -> Some(Function(fun x -> this.Apply(part, g, this.Apply(part, f, x))))
        | "op_ComposeRight", [ f; g; x ], _
        | "op_ComposeLeft", [ g; f; x ], _ -> Some(this.Apply(part, g, this.Apply(part, f, x)))
        | ("Identity" | "Box" | "Unbox" | "UnboxGeneric" | "ToDoubleChecked"), [ x ], _ -> Some x
        | "Ignore", _, _ -> Some Meaning.nothing
        | "Fst", [ Parts parts ], _ -> Some parts[0]
        | "Snd", [ Parts parts ], _ -> Some parts[1]
        | "Not", [ condition ], _ ->
            Some(Condition(FunctionalGrad.Expr.op_LogicalNot (conditionOf arguments[0] condition)))
        | "GetArray", [ Entries entries; index ], _ -> Some(this.Entry(part, arguments[0], entries, index))
        | "GetArray", [ Known(:? Array as array); Known(:? int as index) ], _ ->
            if index < 0 || index >= array.Length then
                unreadable
                    part
                    $"the index {index} is outside of an array of {array.Length} entries"
                    "use an index that it has"

            Some(Known(array.GetValue index))
        | "GetArray", _, _ -> Some(this.Entry(part, arguments[0], [||], Number(FunctionalGrad.Expr.Zero)))
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
            this.Collection(part, name, meanings)
        | _ -> None

    /// Functions over arrays and lists.
    member private this.Collection(part, name, meanings) : Meaning option =
        let apply f x = this.Apply(part, f, x)
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
        | "Get", [ Entries x; index ] -> Some(this.Entry(part, part, x, index))
        | _ -> None

    /// <summary>Reads a quoted function of some arguments, given one after the other.</summary>
    member this.Function(quoted: Expr, arguments: Meaning list) : FunctionalGrad.Expr =
        (this.After(quoted, Map.empty), arguments)
        ||> List.fold (fun f argument -> this.Apply(quoted, f, argument))
        |> numberOf quoted
