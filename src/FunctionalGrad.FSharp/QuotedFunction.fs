namespace FunctionalGrad.FSharp

open System
open System.Numerics
open FunctionalGrad

/// How a function takes its arguments, and how numbers become such arguments.
type internal Arguments<'x, 'number> =
    {
        /// The function with the value of an expression.
        Number: FunctionalGrad.Expr -> Variable array -> 'x -> 'number
        /// The function with the values of several expressions.
        Numbers: FunctionalGrad.Expr array -> Variable array -> 'x -> 'number array
        /// Arguments out of numbers, from an index on.
        Pack: 'number array -> int -> 'x
    }

module internal Arguments =

    let private one<'work when 'work :> Delegate> (expression: FunctionalGrad.Expr) (variables: Variable array) =
        Delegates.ToDelegate<'work>(expression, ReadOnlySpan variables)

    let private all<'work when 'work :> Delegate> (expressions: FunctionalGrad.Expr array) (variables: Variable array) =
        Delegates.ToDelegate<'work>(expressions, ReadOnlySpan variables)

    let single<'n> : Arguments<'n, 'n> =
        {
            Number =
                fun root variables ->
                    let f = one<Func<'n, 'n>> root variables
                    fun x -> f.Invoke x
            Numbers =
                fun roots variables ->
                    let f = all<Func<'n, 'n array>> roots variables
                    fun x -> f.Invoke x
            Pack = fun numbers start -> numbers[start]
        }

    let pair<'n> : Arguments<'n * 'n, 'n> =
        {
            Number =
                fun root variables ->
                    let f = one<Func<'n, 'n, 'n>> root variables
                    fun (x, y) -> f.Invoke(x, y)
            Numbers =
                fun roots variables ->
                    let f = all<Func<'n, 'n, 'n array>> roots variables
                    fun (x, y) -> f.Invoke(x, y)
            Pack = fun numbers start -> numbers[start], numbers[start + 1]
        }

    let triple<'n> : Arguments<'n * 'n * 'n, 'n> =
        {
            Number =
                fun root variables ->
                    let f = one<Func<'n, 'n, 'n, 'n>> root variables
                    fun (x, y, z) -> f.Invoke(x, y, z)
            Numbers =
                fun roots variables ->
                    let f = all<Func<'n, 'n, 'n, 'n array>> roots variables
                    fun (x, y, z) -> f.Invoke(x, y, z)
            Pack = fun numbers start -> numbers[start], numbers[start + 1], numbers[start + 2]
        }

    let quadruple<'n> : Arguments<'n * 'n * 'n * 'n, 'n> =
        {
            Number =
                fun root variables ->
                    let f = one<Func<'n, 'n, 'n, 'n, 'n>> root variables
                    fun (x, y, z, u) -> f.Invoke(x, y, z, u)
            Numbers =
                fun roots variables ->
                    let f = all<Func<'n, 'n, 'n, 'n, 'n array>> roots variables
                    fun (x, y, z, u) -> f.Invoke(x, y, z, u)
            Pack = fun numbers start -> numbers[start], numbers[start + 1], numbers[start + 2], numbers[start + 3]
        }

    let quintuple<'n> : Arguments<'n * 'n * 'n * 'n * 'n, 'n> =
        {
            Number =
                fun root variables ->
                    let f = one<Func<'n, 'n, 'n, 'n, 'n, 'n>> root variables
                    fun (x, y, z, u, v) -> f.Invoke(x, y, z, u, v)
            Numbers =
                fun roots variables ->
                    let f = all<Func<'n, 'n, 'n, 'n, 'n, 'n array>> roots variables
                    fun (x, y, z, u, v) -> f.Invoke(x, y, z, u, v)
            Pack =
                fun numbers start ->
                    numbers[start], numbers[start + 1], numbers[start + 2], numbers[start + 3], numbers[start + 4]
        }

    let array<'n> (count: int) : Arguments<'n array, 'n> =
        {
            Number =
                fun root variables ->
                    let f = one<Func<'n array, 'n>> root variables
                    fun x -> f.Invoke x
            Numbers =
                fun roots variables ->
                    let f = all<Func<'n array, 'n array>> roots variables
                    fun x -> f.Invoke x
            Pack = fun numbers start -> Array.sub numbers start count
        }

/// What a quotation was read as: numbers for the arguments, and the value.
type internal Quoted =
    {
        /// A variable for each argument.
        Variables: Variable array
        /// A number for each argument, or for each entry of the array that is the argument.
        Entries: Variable array
        Value: FunctionalGrad.Expr
    }

    /// Expressions of the entries as expressions of the arguments.
    member this.OfArguments(expressions: FunctionalGrad.Expr array) =
        if Object.ReferenceEquals(this.Variables, this.Entries) then
            expressions
        else
            let replacements =
                Collections.Generic.Dictionary<FunctionalGrad.Expr, FunctionalGrad.Expr>()

            this.Entries
            |> Array.iteri (fun i entry -> replacements.Add(entry, this.Variables[0].At i))

            Rewriting.Rewrite(
                ReadOnlySpan expressions,
                fun node ->
                    match replacements.TryGetValue node with
                    | true, replacement -> replacement
                    | _ -> node
            )

    member this.Partials = this.Value.Gradient(ReadOnlySpan this.Entries).Values.ToArray()

    /// The Hessian is symmetric, so an entry below the diagonal is the one above it.
    member this.Second =
        let rows =
            this.Partials
            |> Array.mapi (fun i partial -> partial.Gradient(ReadOnlySpan this.Entries[i..]).Values.ToArray())

        [|
            for i in 0 .. rows.Length - 1 do
                for j in 0 .. rows.Length - 1 -> rows[min i j][max i j - min i j]
        |]

/// <summary>
/// A function that was written as a quotation, with its derivatives as plain functions. Made by <c>Diff.quotation</c>.
/// Immutable; any number of threads may use it at once. Each function is compiled when it is first asked for.
/// </summary>
[<Sealed>]
type QuotedFunction<'x, 'number
    when 'number: struct
    and 'number: (new: unit -> 'number)
    and 'number :> ValueType
    and 'number :> IBinaryFloatingPointIeee754<'number>> internal (quoted: Quoted, arguments: Arguments<'x, 'number>) =

    let numbers roots =
        arguments.Numbers (quoted.OfArguments roots) quoted.Variables

    let expression = (quoted.OfArguments [| quoted.Value |])[0]
    let value = lazy (arguments.Number expression quoted.Variables)

    let gradient =
        lazy
            (let f = numbers quoted.Partials
             fun x -> arguments.Pack (f x) 0)

    let both =
        lazy
            (let f = numbers (Array.append [| quoted.Value |] quoted.Partials)

             fun x ->
                 let found = f x
                 found[0], arguments.Pack found 1)

    let hessian =
        lazy
            (let f = numbers quoted.Second
             let shape = Shape.ofList [ quoted.Entries.Length; quoted.Entries.Length ]
             fun x -> FunctionalGrad.Tensor.Of<'number>(shape, f x))

    /// <summary>The function.</summary>
    member _.Value: 'x -> 'number = value.Value

    /// <summary>Its gradient: partials as the arguments come, so of a function of one number the derivative.</summary>
    member _.Gradient: 'x -> 'x = gradient.Value

    /// <summary>Both at once; what they share is computed once.</summary>
    member _.ValueAndGradient: 'x -> 'number * 'x = both.Value

    /// <summary>Its Hessian: entry [i, j] is ∂²f/∂xᵢ∂xⱼ.</summary>
    member _.Hessian: 'x -> Tensor<'number> = hessian.Value

    /// <summary>The function as an expression of its variables: what everything else of the library works on.</summary>
    member _.Expression: FunctionalGrad.Expr = expression

    /// <summary>The variable of each argument, in order; of an array, one vector.</summary>
    member _.Variables: Variable list = List.ofArray quoted.Variables

    /// <summary>The function as a formula.</summary>
    override _.ToString() =
        let names = quoted.Variables |> Array.map _.Name |> String.concat ", "
        $"{names} ↦ {expression}"

/// <summary>A quoted function of two numbers, one after the other.</summary>
[<Sealed>]
type QuotedFunction2<'number
    when 'number: struct
    and 'number: (new: unit -> 'number)
    and 'number :> ValueType
    and 'number :> IBinaryFloatingPointIeee754<'number>> internal (tupled: QuotedFunction<'number * 'number, 'number>) =

    /// <summary>The function.</summary>
    member _.Value: 'number -> 'number -> 'number =
        let f = tupled.Value
        fun x y -> f (x, y)

    /// <summary>Its gradient: the partial by each argument.</summary>
    member _.Gradient: 'number -> 'number -> 'number * 'number =
        let f = tupled.Gradient
        fun x y -> f (x, y)

    /// <summary>Both at once; what they share is computed once.</summary>
    member _.ValueAndGradient: 'number -> 'number -> 'number * ('number * 'number) =
        let f = tupled.ValueAndGradient
        fun x y -> f (x, y)

    /// <summary>Its Hessian: entry [i, j] is ∂²f/∂xᵢ∂xⱼ.</summary>
    member _.Hessian: 'number -> 'number -> Tensor<'number> =
        let f = tupled.Hessian
        fun x y -> f (x, y)

    /// <summary>The function as an expression of its variables.</summary>
    member _.Expression: FunctionalGrad.Expr = tupled.Expression

    /// <summary>The variable of each argument, in order.</summary>
    member _.Variables: Variable list = tupled.Variables

    /// <summary>The function as a formula.</summary>
    override _.ToString() = tupled.ToString()

/// <summary>A quoted function of three numbers, one after the other.</summary>
[<Sealed>]
type QuotedFunction3<'number
    when 'number: struct
    and 'number: (new: unit -> 'number)
    and 'number :> ValueType
    and 'number :> IBinaryFloatingPointIeee754<'number>>
    internal (tupled: QuotedFunction<'number * 'number * 'number, 'number>) =

    /// <summary>The function.</summary>
    member _.Value: 'number -> 'number -> 'number -> 'number =
        let f = tupled.Value
        fun x y z -> f (x, y, z)

    /// <summary>Its gradient: the partial by each argument.</summary>
    member _.Gradient: 'number -> 'number -> 'number -> 'number * 'number * 'number =
        let f = tupled.Gradient
        fun x y z -> f (x, y, z)

    /// <summary>Both at once; what they share is computed once.</summary>
    member _.ValueAndGradient: 'number -> 'number -> 'number -> 'number * ('number * 'number * 'number) =
        let f = tupled.ValueAndGradient
        fun x y z -> f (x, y, z)

    /// <summary>Its Hessian: entry [i, j] is ∂²f/∂xᵢ∂xⱼ.</summary>
    member _.Hessian: 'number -> 'number -> 'number -> Tensor<'number> =
        let f = tupled.Hessian
        fun x y z -> f (x, y, z)

    /// <summary>The function as an expression of its variables.</summary>
    member _.Expression: FunctionalGrad.Expr = tupled.Expression

    /// <summary>The variable of each argument, in order.</summary>
    member _.Variables: Variable list = tupled.Variables

    /// <summary>The function as a formula.</summary>
    override _.ToString() = tupled.ToString()
