namespace FunctionalGrad.FSharp

open System
open FunctionalGrad
open Microsoft.FSharp.Quotations
open Microsoft.FSharp.Quotations.Patterns
open Microsoft.FSharp.Reflection

/// <summary>
/// Plain functions over numbers, differentiated from their quotations:
/// <code>
/// let f = Diff.quotation &lt;@ fun x -> sin (x ** 2.0) @>
/// f.Value 0.0                  // 0.0
/// f.Gradient 1.0               // 2.0 * cos 1.0
/// f.Expression                 // sin(x^2)
/// </code>
/// <para>
/// What a quotation may hold: arithmetic, comparisons and conditions; <c>if</c> (a choice: the branch that is not taken
/// contributes nothing); F#'s functions of numbers, and .NET's as <c>MathFunctions</c> has them; <c>let</c>, mutable or not;
/// tuples, records, matches on them and on constants; arrays and lists with known indices, and the functions over them
/// such as <c>Array.sumBy</c>; pipes and compositions; inner functions, and recursive ones that known numbers end; loops
/// with known bounds, which are unrolled; functions and values marked with <c>[&lt;ReflectedDefinition>]</c>; inline functions
/// that are generic over numbers, which run on expressions as they are.
/// </para>
/// <para>
/// Everything that does not depend on the arguments is evaluated when the quotation is read. An expression has no
/// precision, so <c>float</c> and <c>float32</c> change nothing, and <c>int</c> drops what stands behind the point. Anything
/// else is an <c>UnreadableExpressionException</c> that names the part and says what to do. Reading goes as deep as memory
/// allows.
/// </para>
/// </summary>
[<RequireQualifiedAccess>]
module Diff =

    let private names quoted =
        let rec search quoted =
            match quoted with
            | Lambda(variable, Let(first, TupleGet(Var tuple, 0), rest)) when tuple = variable ->
                let rec parts found rest =
                    match rest with
                    | Let(next, TupleGet(Var tuple, _), rest) when tuple = variable -> parts (next.Name :: found) rest
                    | _ -> List.rev found

                parts [ first.Name ] rest
            | Lambda(variable, body) -> variable.Name :: search body
            | _ -> []

        search quoted

    let private nameOr index (known: string list) =
        match List.tryItem index known with
        | Some name when name <> "tupledArg" && not (name.StartsWith "_" || name.Contains "@") -> name
        | _ -> $"x{index + 1}"

    let private variables count quoted =
        let known = names quoted
        Array.init count (fun i -> FunctionalGrad.Expr.Variable(nameOr i known))

    // One after the other, or as the tuple that is the one argument.
    let private read curried count (quoted: Expr) : Quoted =
        let variables = variables count quoted

        let numbers =
            variables |> Array.map (fun variable -> Number variable) |> List.ofArray

        {
            Variables = variables
            Entries = variables
            Value = QuotationReader().Function(quoted, (if curried || count = 1 then numbers else [ Parts numbers ]))
        }

    let private requireNumber<'number> () =
        if typeof<'number> <> typeof<float> && typeof<'number> <> typeof<float32> then
            invalidArg
                "quotation"
                $"quotation: the function is over {typeof<'number>.Name}; write it over float or float32"

    /// <summary>
    /// A function of a number, or of a tuple of up to five numbers. For functions of numbers one after the other see
    /// <c>quotation2</c> and <c>quotation3</c>.
    /// </summary>
    /// <param name="quotation">The function, over <c>float</c> or <c>float32</c>.</param>
    /// <exception cref="T:FunctionalGrad.UnreadableExpressionException">A part of it has no form as an expression.</exception>
    /// <exception cref="T:System.ArgumentException">The argument is no number and no tuple of up to five.</exception>
    let quotation (quotation: Expr<'x -> 'number>) : QuotedFunction<'x, 'number> =
        requireNumber<'number>()
        let number = typeof<'number>

        let count =
            if typeof<'x> = number then
                1
            elif
                FSharpType.IsTuple typeof<'x>
                && FSharpType.GetTupleElements typeof<'x> |> Array.forall ((=) number)
            then
                (FSharpType.GetTupleElements typeof<'x>).Length
            else
                0

        let arguments: obj =
            match count with
            | 1 -> Arguments.single<'number>
            | 2 -> Arguments.pair<'number>
            | 3 -> Arguments.triple<'number>
            | 4 -> Arguments.quadruple<'number>
            | 5 -> Arguments.quintuple<'number>
            | _ ->
                invalidArg
                    (nameof quotation)
                    $"quotation: the argument is {typeof<'x>.Name}; give a {number.Name} or a tuple of up to five, or an array with quotationOfArray"

        QuotedFunction(read false count quotation, unbox arguments)

    /// <summary>A function of two numbers, one after the other.</summary>
    /// <param name="quotation">The function, over <c>float</c> or <c>float32</c>.</param>
    /// <exception cref="T:FunctionalGrad.UnreadableExpressionException">A part of it has no form as an expression.</exception>
    let quotation2 (quotation: Expr<'number -> 'number -> 'number>) : QuotedFunction2<'number> =
        requireNumber<'number>()
        QuotedFunction2(QuotedFunction(read true 2 quotation, Arguments.pair))

    /// <summary>A function of three numbers, one after the other.</summary>
    /// <param name="quotation">The function, over <c>float</c> or <c>float32</c>.</param>
    /// <exception cref="T:FunctionalGrad.UnreadableExpressionException">A part of it has no form as an expression.</exception>
    let quotation3 (quotation: Expr<'number -> 'number -> 'number -> 'number>) : QuotedFunction3<'number> =
        requireNumber<'number>()
        QuotedFunction3(QuotedFunction(read true 3 quotation, Arguments.triple))

    /// <summary>
    /// A function of an array of so many numbers: <c>x.Length</c> is known, and loops over the array are unrolled.
    /// </summary>
    /// <param name="length">How many numbers the array has, 1 or more; the functions want arrays of as many.</param>
    /// <param name="quotation">The function, over <c>float</c> or <c>float32</c>.</param>
    /// <exception cref="T:FunctionalGrad.UnreadableExpressionException">A part of it has no form as an expression.</exception>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The length is not positive.</exception>
    let quotationOfArray
        (length: int)
        (quotation: Expr<'number array -> 'number>)
        : QuotedFunction<'number array, 'number> =
        requireNumber<'number>()
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length, nameof length)
        let name = names quotation |> nameOr 0

        let entries =
            Array.init length (fun i -> FunctionalGrad.Expr.Variable $"{name}[{i}]")

        let value =
            QuotationReader().Function(quotation, [ entries |> Array.map (fun entry -> Number entry) |> Entries ])

        QuotedFunction(
            {
                Variables = [| FunctionalGrad.Expr.Variable(name, Shape.ofList [ length ]) |]
                Entries = entries
                Value = value
            },
            Arguments.array length
        )
