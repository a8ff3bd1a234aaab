namespace FunctionalGrad.FSharp

open System
open FunctionalGrad
open Microsoft.FSharp.Quotations
open Microsoft.FSharp.Quotations.Patterns
open Microsoft.FSharp.Reflection
open QuotationParts

/// What a name stands for: a meaning, or a place whose meaning changes as a quotation is run.
type internal Binding =
    | Fixed of Meaning
    | Place of int

/// <summary>
/// Reads a quotation over numbers as an expression: runs it on expressions. What does not depend on the arguments is known
/// while it is read, loops among it, which are unrolled.
/// </summary>
type internal QuotationReader() =

    // Meanings of mutable names. The map itself is immutable, so both branches of a choice start from the same one.
    let mutable state: Map<int, Meaning> = Map.empty
    let mutable places = 0
    let mutable recursions = 0

    member private this.After(part: Expr, env: Map<Var, Binding>) : Meaning =
        Depth.onward (fun () -> this.Read(env, part))

    // What is written elsewhere sees no names of this quotation.
    member private this.Alone(part: Expr) : Meaning = this.After(part, Map.empty)

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
            apply part f (this.After(argument, env))
        | IfThenElse(test, whenTrue, whenFalse) -> this.Choose(env, part, test, whenTrue, whenFalse)
        | NewTuple parts -> parts |> List.map (fun inner -> this.After(inner, env)) |> together part.Type
        | TupleGet(tuple, index) ->
            match this.After(tuple, env) with
            | Parts parts -> parts[index]
            | Known(NonNull value) -> Known(FSharpValue.GetTupleField(value, index))
            | _ -> unreadable part "it is no tuple" QuotationText.tracing
        | NewRecord(_, parts) -> parts |> List.map (fun inner -> this.After(inner, env)) |> record part.Type
        | NewArray(_, parts) ->
            let parts = parts |> List.map (fun inner -> this.After(inner, env))

            match allKnown parts with
            | Some known ->
                let array = Array.CreateInstance(QuotationText.elementOf part.Type, known.Length)
                known |> List.iteri (fun i value -> array.SetValue(value, i))
                Known array
            | None -> Entries(Array.ofList parts)
        | NewUnionCase(case, parts) -> parts |> List.map (fun inner -> this.After(inner, env)) |> union part case
        | UnionCaseTest(target, case) ->
            match this.After(target, env) with
            | Known(NonNull value) ->
                let actual, _ = FSharpValue.GetUnionFields(value, case.DeclaringType)
                Known(box (actual.Tag = case.Tag))
            | Entries entries -> Known(box ((case.Name = "Cons") = (entries.Length > 0)))
            | _ -> unreadable part "which case it is depends on the arguments" QuotationText.tracing
        | Call(target, method, arguments) ->
            let target = target |> Option.map (fun inner -> this.After(inner, env))
            let meanings = arguments |> List.map (fun inner -> this.After(inner, env))
            QuotationCalls.method this.Alone part target method arguments meanings
        | PropertyGet(target, property, indices) ->
            let target = target |> Option.map (fun inner -> this.After(inner, env))

            indices
            |> List.map (fun inner -> this.After(inner, env))
            |> QuotationCalls.property this.Alone part target property
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
            QuotationLoops.overRange part (this.After(first, env)) (this.After(last, env)) (fun i ->
                this.After(body, env.Add(variable, Fixed(Known(box i)))) |> ignore)
        | WhileLoop(test, body) ->
            QuotationLoops.whileHolds part (fun () -> this.After(test, env)) (fun () -> this.After(body, env) |> ignore)
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

            apply part (this.After(value, env.Value)) argument
        finally
            recursions <- recursions - 1

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

    /// <summary>Reads a quoted function of some arguments, given one after the other.</summary>
    member this.Function(quoted: Expr, arguments: Meaning list) : FunctionalGrad.Expr =
        (this.After(quoted, Map.empty), arguments)
        ||> List.fold (fun f argument -> apply quoted f argument)
        |> numberOf quoted
