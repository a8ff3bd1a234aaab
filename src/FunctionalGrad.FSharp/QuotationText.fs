namespace FunctionalGrad.FSharp

open System
open System.Globalization
open System.Reflection
open Microsoft.FSharp.Quotations
open Microsoft.FSharp.Quotations.Patterns
open Microsoft.FSharp.Reflection

/// Parts of quotations as F# writes them, for messages: what lies deep is left out.
module internal QuotationText =

    /// What can be done about everything that cannot be read.
    let tracing =
        "write the function over Expr instead, as in diff (fun x -> sin x * x), which runs your code on expressions and so follows any code"

    // Deeper than anybody reads.
    let private deepest = 10

    let private operators =
        dict
            [
                "op_Addition", ("+", 7)
                "op_Subtraction", ("-", 7)
                "op_Multiply", ("*", 8)
                "op_Division", ("/", 8)
                "op_Modulus", ("%", 8)
                "op_Exponentiation", ("**", 9)
                "op_Equality", ("=", 5)
                "op_Inequality", ("<>", 5)
                "op_LessThan", ("<", 5)
                "op_LessThanOrEqual", ("<=", 5)
                "op_GreaterThan", (">", 5)
                "op_GreaterThanOrEqual", (">=", 5)
                "op_PipeRight", ("|>", 4)
                "op_PipeLeft", ("<|", 4)
                "op_ComposeRight", (">>", 6)
                "op_ComposeLeft", ("<<", 6)
            ]

    let private literal (value: objnull) : string =
        match value with
        | null -> "()"
        | :? bool as truth -> if truth then "true" else "false"
        | :? string as text -> $"\"{text}\""
        | :? float as number ->
            let text = number.ToString("R", CultureInfo.InvariantCulture)

            if text |> Seq.forall (fun c -> Char.IsDigit c || c = '-') then
                text + ".0"
            else
                text
        | :? float32 as number -> number.ToString("R", CultureInfo.InvariantCulture) + "f"
        | :? IFormattable as number -> String.Format(CultureInfo.InvariantCulture, "{0}", number)
        | other when FSharpType.IsFunction(other.GetType()) -> "<fun>"
        | other -> other.GetType().Name

    /// The type or module that declares something.
    let declaring (part: MemberInfo) : Type =
        match part.DeclaringType with
        | null -> typeof<obj>
        | home -> home

    /// The type of the entries of an array.
    let elementOf (kind: Type) : Type =
        match kind.GetElementType() with
        | null -> typeof<obj>
        | element -> element

    /// What a call by reflection really threw.
    let rec causeOf (problem: exn) : exn =
        match problem, problem.InnerException with
        | :? TargetInvocationException, NonNull inner -> causeOf inner
        | _ -> problem

    /// A name as the source has it, where the compiler has recorded one.
    let nameOf (part: MemberInfo) : string =
        match part.GetCustomAttribute<CompilationSourceNameAttribute>() with
        | null -> part.Name
        | source -> source.SourceName

    let private homeOf (part: MemberInfo) : string =
        let home = declaring part

        if home = typeof<obj> || home.Namespace = "Microsoft.FSharp.Core" then
            ""
        else
            let name = home.Name

            (if name.EndsWith "Module" && FSharpType.IsModule home then
                 name.Substring(0, name.Length - 6)
             else
                 name)
            + "."

    let private bracketed needed text = if needed then $"({text})" else text

    let rec private write strength depth (part: Expr) : string =
        let below = write 10 (depth + 1)

        let plain = write 0 (depth + 1)

        let apply name arguments =
            bracketed (strength >= 10) (String.Join(" ", name :: (arguments |> List.map below)))

        if depth > deepest then
            "…"
        else
            match part with
            | ValueWithName(_, _, name) -> name
            | Value(value, _) -> literal value
            | Var variable -> variable.Name
            | Call(None, method, [ left; right ]) when operators.ContainsKey method.Name ->
                let symbol, own = operators[method.Name]
                bracketed (own < strength) $"{write own (depth + 1) left} {symbol} {write (own + 1) (depth + 1) right}"
            | Call(None, method, [ operand ]) when method.Name = "op_UnaryNegation" -> $"-{below operand}"
            | Call(None, method, [ array; index ]) when method.Name = "GetArray" -> $"{below array}[{plain index}]"
            | Call(None, method, arguments) when (declaring method).Namespace = "System" ->
                let list = String.Join(", ", arguments |> List.map plain)
                $"{(declaring method).Name}.{method.Name}({list})"
            | Call(None, method, arguments) -> apply (homeOf method + nameOf method) arguments
            | Call(Some target, method, arguments) ->
                let list = String.Join(", ", arguments |> List.map plain)
                $"{below target}.{method.Name}({list})"
            | PropertyGet(None, property, _) -> homeOf property + property.Name
            | PropertyGet(Some target, property, []) -> $"{below target}.{property.Name}"
            | PropertyGet(Some target, _, indices) ->
                let list = String.Join(", ", indices |> List.map plain)
                $"{below target}[{list}]"
            | FieldGet(Some target, field) -> $"{below target}.{field.Name}"
            | FieldGet(None, field) -> homeOf field + field.Name
            | Application(f, argument) -> bracketed (strength >= 10) $"{write 9 (depth + 1) f} {below argument}"
            | Lambda(variable, body) -> bracketed (strength > 0) $"fun {variable.Name} -> {plain body}"
            | Let(variable, value, body) ->
                bracketed (strength > 0) $"let {variable.Name} = {plain value} in {plain body}"
            | IfThenElse(test, whenTrue, Value(:? bool as no, _)) when not no ->
                bracketed (strength > 3) $"{write 4 (depth + 1) test} && {write 3 (depth + 1) whenTrue}"
            | IfThenElse(test, Value(:? bool as yes, _), whenFalse) when yes ->
                bracketed (strength > 2) $"{write 3 (depth + 1) test} || {write 2 (depth + 1) whenFalse}"
            | IfThenElse(test, whenTrue, whenFalse) ->
                bracketed (strength > 0) $"if {plain test} then {plain whenTrue} else {plain whenFalse}"
            | NewTuple parts -> "(" + String.Join(", ", parts |> List.map plain) + ")"
            | NewArray(_, parts) -> "[| " + String.Join("; ", parts |> List.map plain) + " |]"
            | NewUnionCase(case, parts) -> apply case.Name parts
            | NewObject(made, arguments) ->
                let list = String.Join(", ", arguments |> List.map plain)
                $"{(declaring made).Name}({list})"
            | TupleGet(tuple, index) -> $"item {index + 1} of {below tuple}"
            | Coerce(inner, _) -> write strength depth inner
            | VarSet(variable, value) -> $"{variable.Name} <- {plain value}"
            | Sequential(first, second) -> $"{plain first}; {plain second}"
            | ForIntegerRangeLoop(variable, first, last, _) ->
                $"for {variable.Name} in {plain first} .. {plain last} do …"
            | WhileLoop(test, _) -> $"while {plain test} do …"
            | TryWith _ -> "try … with …"
            | TryFinally _ -> "try … finally …"
            | LetRecursive(bindings, _) ->
                let variable, _ = bindings.Head
                $"let rec {variable.Name} = …"
            | other -> other.GetType().Name

    /// The part as source code.
    let ofPart (part: Expr) = write 0 0 part

    /// Says that a part cannot be read.
    let unreadable (part: Expr) (reason: string) (remedy: string) : 'any =
        raise (FunctionalGrad.UnreadableExpressionException(ofPart part, reason, remedy))
