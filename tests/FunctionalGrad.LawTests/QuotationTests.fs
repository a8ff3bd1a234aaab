module FunctionalGrad.LawTests.QuotationTests

open System
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open Microsoft.FSharp.Quotations

type Spring = { Stiffness: float; Rest: float }

module Helpers =

    [<ReflectedDefinition>]
    let cube x = x * x * x

    [<ReflectedDefinition>]
    let hypotenuse (x: float, y: float) = sqrt (x * x + y * y)

    [<ReflectedDefinition>]
    let scaledBy (factor: float) (x: float, y: float) z = factor * x * y + z

    [<ReflectedDefinition>]
    let steep = fun (x: float) -> 10.0 * x

    let rate = 2.5

    let opaque (x: float) = x + 1.0

    let inline logistic x = 1G / (1G + exp -x)

    let inline plus x y = x + y * y

    let inline energy spring stretch =
        0.5 * spring.Stiffness * (stretch - spring.Rest) * (stretch - spring.Rest)

let private near expected actual what =
    Expect.floatClose Accuracy.veryHigh actual expected what

/// The function itself against the quotation, by value and by differences.
let private same (quotation: Expr<float -> float>) (f: float -> float) points =
    let read = Diff.quotation quotation

    for x in points do
        near (f x) (read.Value x) $"{read} at {x}"

        let interpreted =
            read.Expression
            |> Expr.eval (Point.ofList [ read.Variables.Head, x ])
            |> Tensor.toScalar

        near (f x) interpreted $"{read} interpreted at {x}"

        let slope h =
            (8.0 * (f (x + h) - f (x - h)) - f (x + 2.0 * h) + f (x - 2.0 * h)) / (12.0 * h)

        if abs (slope 1e-3 - slope 5e-4) < 1e-7 then
            Expect.floatClose
                { absolute = 1e-7; relative = 1e-7 }
                (read.Gradient x)
                (slope 5e-4)
                $"the slope of {read} at {x}"

let private points = [ -2.5; -0.7; 0.3; 1.0; 1.9; 4.2 ]
let private positive = [ 0.1; 0.3; 0.7; 0.95 ]

let private whatIsRead =
    testList
        "quotations"
        [
            testCase "a function of one number" (fun () ->
                let f = Diff.quotation <@ fun x -> sin (x ** 2.0) @>
                near (sin 0.49) (f.Value 0.7) "the value"
                near (1.4 * cos 0.49) (f.Gradient 0.7) "the derivative"
                Expect.equal (f.ValueAndGradient 0.7) (f.Value 0.7, f.Gradient 0.7) "both"

                near
                    (2.0 * cos 0.49 - 4.0 * 0.49 * sin 0.49)
                    (f.Hessian 0.7 |> Tensor.toScalar)
                    "the second derivative"

                Expect.equal (string f) "x ↦ sin(x^2)" "as text")

            testCase "arguments one after the other, and tuples" (fun () ->
                let f = Diff.quotation2 <@ fun x y -> sin (x * y) + x * x @>
                near (sin 2.0 + 1.0) (f.Value 1.0 2.0) "the value"
                Expect.equal (f.Gradient 1.0 0.0) (2.0, 1.0) "the gradient"
                let g = Diff.quotation <@ fun (x, y) -> sin (x * y) + x * x @>
                near (sin 2.0 + 1.0) (g.Value(1.0, 2.0)) "the value of a pair"
                Expect.equal (g.Gradient(1.0, 0.0)) (2.0, 1.0) "its gradient"
                Expect.equal (string (g.Hessian(1.0, 0.0))) "[[2, 1], [1, -0]]" "its Hessian"
                let h = Diff.quotation3 <@ fun x y z -> x * y * z @>
                Expect.equal (h.ValueAndGradient 2.0 3.0 4.0) (24.0, (12.0, 8.0, 6.0)) "three"
                let k = Diff.quotation <@ fun (a, b, c, d, e) -> a * b + c * d - e + 0.0 @>
                Expect.equal (k.Gradient(1.0, 2.0, 3.0, 4.0, 5.0)) (2.0, 1.0, 4.0, 3.0, -1.0) "five"
                Expect.equal (k.Variables |> List.map _.Name) [ "a"; "b"; "c"; "d"; "e" ] "their names")

            testCase "an array" (fun () ->
                let f =
                    Diff.quotationOfArray
                        3
                        <@
                            fun (x: float[]) ->
                                let mutable sum = 0.0

                                for i in 0 .. x.Length - 2 do
                                    sum <- sum + x[i] * x[i + 1]

                                for entry in x do
                                    sum <- sum + entry

                                sum
                                + Array.sumBy (fun entry -> entry * entry) x
                                + Array.sum x
                                + (x |> Array.map (fun e -> 2.0 * e) |> Array.fold (+) 0.0)
                        @>

                Expect.equal (f.Value [| 1.0; 2.0; 3.0 |]) (8.0 + 6.0 + 14.0 + 6.0 + 12.0) "the value"
                Expect.equal (f.Gradient [| 1.0; 2.0; 3.0 |]) [| 8.0; 12.0; 12.0 |] "the gradient"
                Expect.equal (string (f.Hessian [| 1.0; 2.0; 3.0 |])) "[[2, 1, 0], [1, 2, 1], [0, 1, 2]]" "the Hessian"

                Expect.equal
                    (f.Expression |> Expr.variables |> List.map (fun v -> Shape.toList v.Shape))
                    [ [ 3 ] ]
                    "over a vector")

            testCase "single precision" (fun () ->
                let f =
                    Diff.quotation <@ fun (x: float32) -> sin x * 2.0f + float32 (Math.Cos(float x)) @>

                Expect.isLessThan (abs (f.Value 0.5f - (sin 0.5f * 2.0f + cos 0.5f))) 1e-6f "the value"
                Expect.isLessThan (abs (f.Gradient 0.5f - (cos 0.5f * 2.0f - sin 0.5f))) 1e-6f "the derivative")

            testCase "every function of numbers that F# has" (fun () ->
                same <@ fun x -> -x + (+x) * 3.0 - x / 7.0 @> (fun x -> -x + (+x) * 3.0 - x / 7.0) points

                same
                    <@ fun x -> abs x + floor x + ceil x + round x + truncate x @>
                    (fun x -> abs x + floor x + ceil x + round x + truncate x)
                    points

                same <@ fun x -> exp x + sin x + cos x + tan x @> (fun x -> exp x + sin x + cos x + tan x) points

                same
                    <@ fun x -> sinh x + cosh x + tanh x + atan x @>
                    (fun x -> sinh x + cosh x + tanh x + atan x)
                    points

                same
                    <@ fun x -> log x + log10 x + sqrt x + acos x + asin x @>
                    (fun x -> log x + log10 x + sqrt x + acos x + asin x)
                    positive

                same
                    <@ fun x -> atan2 x 2.0 + max x 0.5 + min 0.4 x @>
                    (fun x -> atan2 x 2.0 + max x 0.5 + min 0.4 x)
                    points

                same <@ fun x -> pown x 3 + x ** 2.0 + pown x -1 @> (fun x -> pown x 3 + x ** 2.0 + pown x -1) points
                same <@ fun x -> x ** x @> (fun x -> x ** x) positive

                same
                    <@ fun x -> float (sign x) * x + float (int x) + double x @>
                    (fun x -> float (sign x) * x + float (int x) + double x)
                    points

                same
                    <@ fun x -> Math.Sin x + Math.Pow(x, 3.0) + Math.Max(x, 0.0) @>
                    (fun x -> Math.Sin x + Math.Pow(x, 3.0) + Math.Max(x, 0.0))
                    points

                same
                    <@ fun x -> Math.PI * x + Double.Hypot(x, 2.0) @>
                    (fun x -> Math.PI * x + Double.Hypot(x, 2.0))
                    points)

            testCase "conditions, and the branch that is not taken" (fun () ->
                let f =
                    Diff.quotation <@ fun x -> if x > 0.0 && log x < 100.0 then log x else 0.0 @>

                Expect.equal (f.ValueAndGradient 0.0) (0.0, 0.0) "nothing leaks"
                Expect.equal (f.ValueAndGradient -1.0) (0.0, 0.0) "nor here"
                near 0.5 (f.Gradient 2.0) "the other branch"

                same
                    <@
                        fun x ->
                            (if x < 0.0 || x >= 1.5 then x else 2.0 * x)
                            + (if not (x <= 1.0) then 1.0 else x)
                            + (if x = 1.0 then 0.0
                               elif x <> 9.0 then x
                               else 5.0)
                    @>
                    (fun x ->
                        (if x < 0.0 || x >= 1.5 then x else 2.0 * x)
                        + (if not (x <= 1.0) then 1.0 else x)
                        + (if x = 1.0 then 0.0
                           elif x <> 9.0 then x
                           else 5.0))
                    [ -2.5; -0.7; 0.3; 1.9; 4.2 ])

            testCase "lets, tuples, matches, records, pipes" (fun () ->
                same
                    <@
                        fun x ->
                            let a, b = x * 2.0, x + 1.0
                            let pair = (a, b)

                            let c =
                                match pair with
                                | p, q -> p - q

                            let d = x |> sin |> (fun y -> y * y)
                            let square t = t * t
                            let both = square >> cos
                            let spring = { Stiffness = x; Rest = 2.0 }

                            let chosen =
                                match 3 with
                                | 1 -> x
                                | 3 -> square x
                                | _ -> 0.0

                            a
                            + b * c
                            + d
                            + both x
                            + (exp <| x / 10.0)
                            + fst pair
                            + spring.Stiffness * spring.Rest
                            + chosen
                    @>
                    (fun x ->
                        let a, b = x * 2.0, x + 1.0
                        let d = sin x * sin x
                        a + b * (a - b) + d + cos (x * x) + exp (x / 10.0) + a + x * 2.0 + x * x)
                    points)

            testCase "mutable locals and loops" (fun () ->
                let n = 4

                same
                    <@
                        fun x ->
                            let mutable sum = 0.0
                            let mutable term = 1.0

                            for i in 1..n do
                                term <- term * x / float i
                                sum <- sum + term

                            for i = 2 to 3 do
                                sum <- sum + float i * x

                            let mutable k = 0

                            while k < 3 do
                                sum <- sum * 0.5
                                k <- k + 1

                            if x > 1.0 then
                                sum <- sum + x * x
                                term <- 0.0

                            sum + term
                    @>
                    (fun x ->
                        let mutable sum = 0.0
                        let mutable term = 1.0

                        for i in 1..n do
                            term <- term * x / float i
                            sum <- sum + term

                        sum <- (sum + 5.0 * x) / 8.0
                        if x > 1.0 then sum + x * x else sum + term)
                    [ -2.5; 0.3; 1.9 ])

            testCase "what is captured" (fun () ->
                let weights = [| 1.0; 2.0; 3.0 |]
                let table = [ 4.0; 5.0 ]
                let factor = 7.0

                let f =
                    Diff.quotation
                        <@
                            fun x ->
                                factor * x
                                + weights[1 + 1] * x
                                + table[1] * x
                                + Helpers.rate * x
                                + (weights |> Array.sum) * x
                        @>

                Expect.equal (f.Gradient 1.0) (7.0 + 3.0 + 5.0 + 2.5 + 6.0) "the derivative"

                let dot =
                    Diff.quotation
                        <@
                            fun x ->
                                let mutable sum = 0.0

                                for w in weights do
                                    sum <- sum + w * x

                                for w in table do
                                    sum <- sum + w * x

                                sum
                        @>

                Expect.equal (dot.Gradient 1.0) 15.0 "loops over what is captured")

            testCase "reflected definitions" (fun () ->
                same
                    <@ fun x -> Helpers.cube x + Helpers.hypotenuse (x, 2.0) @>
                    (fun x -> x * x * x + sqrt (x * x + 4.0))
                    points

                same
                    <@ fun x -> Helpers.scaledBy 2.0 (x, x + 1.0) x + Helpers.steep x @>
                    (fun x -> 2.0 * x * (x + 1.0) + x + 10.0 * x)
                    points

                same <@ fun x -> x |> Helpers.cube @> (fun x -> x * x * x) points)

            testCase "inline functions with witnesses" (fun () ->
                same
                    <@ fun x -> Helpers.logistic x + Helpers.plus x 2.0 @>
                    (fun x -> 1.0 / (1.0 + exp -x) + x + 4.0)
                    points

                same
                    <@ fun x -> Helpers.plus (sin x) x * Helpers.logistic (x * x) @>
                    (fun x -> (sin x + x * x) / (1.0 + exp -(x * x)))
                    points)

            testCase "recursion that known numbers end" (fun () ->
                same
                    <@
                        fun x ->
                            let rec power n y =
                                if n = 0 then 1.0 else y * power (n - 1) y

                            power 3 x + power 0 x
                    @>
                    (fun x -> x * x * x + 1.0)
                    points)

            testCase "the expression is for everything else" (fun () ->
                let f = Diff.quotation2 <@ fun x y -> exp x * y @>
                let x, y = f.Variables[0], f.Variables[1]
                let gradient = f.Expression |> Expr.gradientBy [ x; y ]
                Expect.equal (gradient |> GradientMap.find y |> string) "exp(x)" "∂y"
                let again = gradient |> GradientMap.find x |> Expr.gradientBy [ y ]

                near
                    (exp 1.0)
                    (again
                     |> GradientMap.eval (Point.ofList [ x, 1.0; y, 3.0 ])
                     |> GradientMap.find y
                     |> Tensor.toScalar)
                    "∂y∂x")

            testCase "deep quotations" (fun () ->
                let x = Var("x", typeof<float>)

                let plus =
                    match <@ 1.0 + 2.0 @> with
                    | Patterns.Call(None, plus, _) -> plus
                    | _ -> failwith "no call"

                let body =
                    (Expr.Var x, seq { 1..20_000 })
                    ||> Seq.fold (fun sum _ -> Expr.Call(plus, [ sum; Expr.Var x ]))

                let f = Diff.quotation (Expr.Cast<float -> float>(Expr.Lambda(x, body)))
                Expect.equal (f.Gradient 2.0) 20_001.0 "a sum of many terms")

            testCase "threads" (fun () ->
                let f = Diff.quotation <@ fun x -> sin (x * x) @>
                let all = Array.Parallel.init 256 (fun i -> f.Gradient(float i / 256.0))

                all
                |> Array.iteri (fun i found ->
                    Expect.equal found (f.Gradient(float i / 256.0)) "the same on any thread"))
        ]

let private says (quotation: Expr<float -> float>) message =
    let problem =
        try
            Diff.quotation quotation |> ignore
            "nothing is wrong"
        with :? UnreadableExpressionException as problem ->
            problem.Message

    Expect.equal problem message "the message"

let private tracing =
    "write the function over Expr instead, as in diff (fun x -> sin x * x), which runs your code on expressions and so follows any code"

let private whatIsNot =
    testList
        "what cannot be read"
        [
            testCase "a function that is not reflected" (fun () ->
                says
                    <@ fun x -> 1.0 + Helpers.opaque (x * 2.0) @>
                    $"cannot read `Helpers.opaque (x * 2.0)`: the quotation holds a call of opaque and not what it does; mark its definition with [<ReflectedDefinition>], or {tracing}")

            testCase "a function value" (fun () ->
                let hidden = fun (x: float) -> x + 1.0

                says
                    <@ fun x -> sin (hidden x) @>
                    $"cannot read `hidden x`: the function is a value whose code cannot be read; mark its definition with [<ReflectedDefinition>], or {tracing}")

            testCase "a remainder" (fun () ->
                says
                    <@ fun x -> (x + 1.0) % 2.0 @>
                    "cannot read `(x + 1.0) % 2.0`: a remainder jumps, and an expression has none; write x - y * floor (x / y), whose derivative by x is 1")

            testCase "an index that depends on the argument" (fun () ->
                let table = [| 1.0; 2.0 |]

                says
                    <@ fun x -> table[int x] @>
                    "cannot read `table[int x]`: the index depends on the arguments; use indices that are known when the quotation is read, or write the function over Expr with Gather")

            testCase "an index outside" (fun () ->
                let table = [| 1.0; 2.0 |]

                says
                    <@ fun x -> x * table[2] @>
                    "cannot read `table[2]`: the index 2 is outside of an array of 2 entries; use an index that it has")

            testCase "a loop that depends on the argument" (fun () ->
                says
                    <@
                        fun x ->
                            let mutable y = x

                            while y > 1.0 do
                                y <- y / 2.0

                            y
                    @>
                    $"cannot read `while y > 1.0 do …`: how often the loop runs depends on the arguments, and a loop is unrolled when the quotation is read; {tracing}")

            testCase "a method without a useful derivative" (fun () ->
                says
                    <@ fun x -> Math.BitIncrement(-x) @>
                    $"cannot read `Math.BitIncrement(-x)`: Math.BitIncrement has no derivative that would be of use; mark its definition with [<ReflectedDefinition>], or {tracing}")

            testCase "a part that throws" (fun () ->
                says
                    <@ fun x -> x * Double.Parse "one" @>
                    "cannot read `Double.Parse(\"one\")`: it does not depend on the arguments, so it was evaluated when the quotation was read, and threw FormatException: The input string 'one' was not in a correct format.; put that right, or compute it before the quotation")

            testCase "a recursion that the argument ends" (fun () ->
                let problem =
                    try
                        Diff.quotation
                            <@
                                fun x ->
                                    let rec halve y = if y < 1.0 then y else halve (y / 2.0)
                                    halve x
                            @>
                        |> ignore

                        "nothing is wrong"
                    with :? UnreadableExpressionException as problem ->
                        problem.Message

                Expect.stringContains problem "it calls itself too often" "the message")

            testCase "arguments of other types" (fun () ->
                Expect.throwsT<ArgumentException>
                    (fun () -> Diff.quotation <@ fun (x: float, n: int) -> x * float n @> |> ignore)
                    "an int in a tuple"

                Expect.throwsT<ArgumentOutOfRangeException>
                    (fun () -> Diff.quotationOfArray 0 <@ fun (x: float[]) -> x[0] @> |> ignore)
                    "no length"

                Expect.throwsT<ArgumentException>
                    (fun () ->
                        (Diff.quotationOfArray 2 <@ fun (x: float[]) -> x[0] @>).Value [| 1.0 |]
                        |> ignore)
                    "another length")
        ]

[<Tests>]
let tests = testList "quotations of F#" [ whatIsRead; whatIsNot ]
