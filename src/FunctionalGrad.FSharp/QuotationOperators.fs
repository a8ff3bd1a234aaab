namespace FunctionalGrad.FSharp

open System
open System.Collections
open FunctionalGrad

/// F#'s operators and functions of numbers, by their compiled names, on numbers that are known and on expressions.
module internal QuotationOperators =

    type private Number = FunctionalGrad.Expr

    let private unary: Collections.Generic.IDictionary<string, (Number -> Number) * (float -> float)> =
        dict
            [
                "op_UnaryNegation", ((fun x -> -x), (fun x -> -x))
                "op_UnaryPlus", (id, id)
                "Abs", (abs, abs)
                "Acos", (acos, acos)
                "Asin", (asin, asin)
                "Atan", (atan, atan)
                "Ceiling", (ceil, ceil)
                "Cos", (cos, cos)
                "Cosh", (cosh, cosh)
                "Exp", (exp, exp)
                "Floor", (floor, floor)
                "Log", (log, log)
                "Log10", (log10, log10)
                "Round", (round, round)
                "Sin", (sin, sin)
                "Sinh", (sinh, sinh)
                "Sqrt", (sqrt, sqrt)
                "Tan", (tan, tan)
                "Tanh", (tanh, tanh)
                "Truncate", ((fun x -> Number.Select(Number.op_LessThan (x, 0.0), ceil x, floor x)), truncate)
                "Sign", (Number.Sign, (fun x -> float (sign x)))
            ]

    /// A function of one number.
    let (|Unary|_|) (name: string) =
        match unary.TryGetValue name with
        | true, found -> Some found
        | _ -> None

    /// The number without what stands behind the point.
    let truncated (x: Number) =
        let onExpr, _ = unary["Truncate"]
        onExpr x

    /// A function of two numbers, on expressions.
    let binary (name: string) (isWhole: bool) (exponent: float option) (x: Number) (y: Number) : Number option =
        match name with
        | "op_Addition" -> Some(x + y)
        | "op_Subtraction" -> Some(x - y)
        | "op_Multiply" -> Some(x * y)
        | "op_Division" -> Some(if isWhole then truncated (x / y) else x / y)
        | "op_Exponentiation"
        | "PowInteger"
        | "PowGeneric" ->
            Some(
                match exponent with
                | Some known -> Number.Pow(x, known)
                | None -> Number.Pow(x, y)
            )
        | "Atan2" -> Some(Number.Atan2(x, y))
        | "Max" -> Some(Number.Maximum(x, y))
        | "Min" -> Some(Number.Minimum(x, y))
        | _ -> None

    /// A comparison of two numbers, on expressions.
    let comparison (name: string) (x: Number) (y: Number) : Number option =
        match name with
        | "op_LessThan"
        | "LessThanIntrinsic" -> Some(Number.op_LessThan (x, y))
        | "op_LessThanOrEqual" -> Some(Number.op_LessThanOrEqual (x, y))
        | "op_GreaterThan" -> Some(Number.op_GreaterThan (x, y))
        | "op_GreaterThanOrEqual" -> Some(Number.op_GreaterThanOrEqual (x, y))
        | "op_Equality" -> Some(Number.Equal(x, y))
        | "op_Inequality" -> Some(Number.NotEqual(x, y))
        | _ -> None

    /// Conversions between types of numbers; those to whole numbers drop what stands behind the point.
    let conversion (name: string) =
        match name with
        | "ToDouble"
        | "ToSingle" -> Some false
        | "ToInt"
        | "ToInt32"
        | "ToInt64" -> Some true
        | _ -> None

    let inline private arithmetic name (x: ^n) (y: ^n) : objnull option =
        match name with
        | "op_Addition" -> Some(box (x + y))
        | "op_Subtraction" -> Some(box (x - y))
        | "op_Multiply" -> Some(box (x * y))
        | "op_Division" -> Some(box (x / y))
        | "op_Modulus" -> Some(box (x % y))
        | "Max" -> Some(box (max x y))
        | "Min" -> Some(box (min x y))
        | _ -> None

    let inline private compared name (x: ^n) (y: ^n) : objnull option =
        match name with
        | "op_LessThan" -> Some(box (x < y))
        | "op_LessThanOrEqual" -> Some(box (x <= y))
        | "op_GreaterThan" -> Some(box (x > y))
        | "op_GreaterThanOrEqual" -> Some(box (x >= y))
        | "op_Equality" -> Some(box (x = y))
        | "op_Inequality" -> Some(box (x <> y))
        | _ -> None

    let inline private both name x y =
        arithmetic name x y |> Option.orElse (compared name x y)

    /// An operator or function on values that are known.
    let known (name: string) (arguments: objnull list) : objnull option =
        match name, arguments with
        | Unary(_, onFloat), [ :? float as x ] when name = "Sign" -> Some(box (int (onFloat x)))
        | Unary(_, onFloat), [ :? float as x ] -> Some(box (onFloat x))
        | Unary(_, onFloat), [ :? float32 as x ] when name = "Sign" -> Some(box (int (onFloat (float x))))
        | Unary(_, onFloat), [ :? float32 as x ] -> Some(box (float32 (onFloat (float x))))
        | "op_UnaryNegation", [ :? int as x ] -> Some(box -x)
        | "Abs", [ :? int as x ] -> Some(box (abs x))
        | "op_Exponentiation", [ :? float as x; :? float as y ] -> Some(box (x ** y))
        | "op_Exponentiation", [ :? float32 as x; :? float32 as y ] -> Some(box (x ** y))
        | "PowInteger", [ :? float as x; :? int as n ] -> Some(box (pown x n))
        | "PowInteger", [ :? float32 as x; :? int as n ] -> Some(box (pown x n))
        | "PowInteger", [ :? int as x; :? int as n ] -> Some(box (pown x n))
        | "Atan2", [ :? float as y; :? float as x ] -> Some(box (atan2 y x))
        | "Atan2", [ :? float32 as y; :? float32 as x ] -> Some(box (atan2 y x))
        | "ToDouble", [ value ] -> Some(box (Convert.ToDouble value))
        | "ToSingle", [ value ] -> Some(box (Convert.ToSingle value))
        | ("ToInt" | "ToInt32"), [ :? float as x ] -> Some(box (int x))
        | ("ToInt" | "ToInt32"), [ :? float32 as x ] -> Some(box (int x))
        | ("ToInt" | "ToInt32"), [ :? int as x ] -> Some(box x)
        | "Not", [ :? bool as truth ] -> Some(box (not truth))
        | _, [ :? float as x; :? float as y ] -> both name x y
        | _, [ :? float32 as x; :? float32 as y ] -> both name x y
        | _, [ :? int as x; :? int as y ] -> both name x y
        | _, [ :? int64 as x; :? int64 as y ] -> both name x y
        | _, [ :? bool as x; :? bool as y ] -> compared name x y
        | _, [ :? string as x; :? string as y ] -> compared name x y
        | _ -> None
