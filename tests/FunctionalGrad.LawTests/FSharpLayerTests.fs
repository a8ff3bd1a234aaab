module FunctionalGrad.LawTests.FSharpLayerTests

open System
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp

let inline private logistic x = 1G / (1G + exp -x)
let inline private wave x = sin x ** 2.0 + cos x * tanh x
let inline private scaled x = -(x * 2G) / 4G

// Beside a literal such as 2.0 F# takes the other side for a float too, unless it is annotated; 2G has no such trouble.
let private mixed (x: Expr) = x * 2.0 + 2.0 * x - x / 4.0 + 1.0 - -x
let inline private roots x = sqrt (abs x) + pown x 3 + log x + exp x

let private near expected actual what =
    Expect.floatClose Accuracy.veryHigh actual expected what

let private inlineFunctions =
    testList
        "inline functions serve numbers and expressions"
        [
            testCase "a logistic function, with literals of any number type" (fun () ->
                near 0.5 (logistic 0.0) "the number"
                near 0.25 (Numeric.diff logistic 0.0) "the derivative"
                near (logistic 0.75 * (1.0 - logistic 0.75)) (Numeric.diff logistic 0.75) "elsewhere")

            testCase "literals beyond one" (fun () ->
                let inline f x = 3G * x * x + 0G * x + 5000000000G
                near 12.0 (Numeric.diff f 2.0) "6x"
                near 5000000012.0 (f 2.0) "the number")

            testCase "sin x ** 2.0, cos, tanh" (fun () ->
                let x = 0.6
                let expected = 2.0 * sin x * cos x - sin x * tanh x + cos x * (1.0 - tanh x ** 2.0)
                near expected (Numeric.diff wave x) "the derivative"
                near (wave x) (Numeric.value wave (Tensor.scalar x) |> Tensor.toScalar) "the value")

            testCase "numbers on either side, and a sign" (fun () ->
                near 4.75 (Numeric.diff mixed 3.0) "the derivative"
                near -0.5 (Numeric.diff scaled 3.0) "scaled"
                near -1.5 (scaled 3.0) "the number")

            testCase "sqrt, abs, pown, log, exp" (fun () ->
                let x = 1.5
                near (0.5 / sqrt x + 3.0 * x * x + 1.0 / x + exp x) (Numeric.diff roots x) "the derivative")

            testCase "every function that F# looks up by name" (fun () ->
                let functions: (string * (Expr -> Expr) * (float -> float)) list =
                    [
                        "acos", acos, acos
                        "asin", asin, asin
                        "atan", atan, atan
                        "ceil", ceil, ceil
                        "cosh", cosh, cosh
                        "floor", floor, floor
                        "log10", log10, log10
                        "round", round, round
                        "sinh", sinh, sinh
                        "tan", tan, tan
                        "atan2", (fun x -> atan2 x (x + 1.0)), (fun x -> atan2 x (x + 1.0))
                        "pown", (fun x -> pown x 5), (fun x -> pown x 5)
                        "**", (fun x -> x ** x), (fun x -> x ** x)
                    ]

                for name, ofExpr, ofFloat in functions do
                    near (ofFloat 0.5) (Numeric.value ofExpr (Tensor.scalar 0.5) |> Tensor.toScalar) name)

            testCase "List.sum and List.average" (fun () ->
                let f (x: Expr) =
                    List.sum [ x; x * x; x ]
                    + List.average [ x; 3.0 * x ]
                    + List.sumBy (fun k -> k * x) [ 1.0; 2.0 ]

                near 11.0 (Numeric.diff f 2.0) "2 + 2x + 2 + 3")
        ]

let private functions =
    testList
        "derivatives of functions"
        [
            testCase "they nest without confusing variables" (fun () ->
                let outer x =
                    x * diff (fun y -> x * y) (Expr.constant 2.0)

                near 2.0 (Numeric.diff outer 1.0) "d/dx [x · d/dy (x·y) at 2] at 1")

            testCase "they pipe and repeat" (fun () ->
                let quartic (x: Expr) = x * x * x * x
                near 48.0 (Expr.constant 2.0 |> (quartic |> diff |> diff) |> Expr.value) "12x²"
                near 16.0 (Numeric.diffN 0 quartic 2.0) "x⁴"
                near 24.0 (Numeric.diffN 4 quartic 2.0) "4!"
                Expect.throwsT<ArgumentException> (fun () -> diffN -1 quartic Expr.One |> ignore) "a negative order")

            testCase "taylor gives the derivatives that diffN gives" (fun () ->
                let f x = exp (sin x) * x

                for k, derivative in Numeric.taylor 4 f 0.6 |> List.indexed do
                    near (Numeric.diffN k f 0.6) derivative $"order %d{k}"

                Expect.equal
                    (taylor 2 (fun x -> x * x) (Expr.constant 3.0) |> List.map Expr.value)
                    [ 9.0; 6.0; 2.0 ]
                    "x²")

            testCase "diagnosis, curried and with options" (fun () ->
                let x = Expr.var "x"
                let at = Point.ofList [ x, -1.5 ]
                let why = log x |> Diagnosis.explainNonFinite at

                Expect.equal
                    (why |> Option.map _.Summary)
                    (Some "log gave NaN: its operand was x = -1.5")
                    "the summary"

                Expect.isNone (exp x |> Diagnosis.explainNonFiniteGradient at) "all finite"
                Expect.isTrue (exp x |> Diagnosis.checkGradient at).Passed "an expression"
                Expect.isTrue (Numeric.checkGradient sin (Tensor.scalar 0.5)).Passed "a function"
                Expect.stringContains (show (fun x -> x * x)) "∂f/∂x = x + x" "a function as text"
                Expect.stringContains (showFor [ 2 ] Expr.sum) "given x [2]" "its shape"
                Expect.stringContains (Diagnosis.show (x + x)) "f = x + x" "an expression as text")

            testCase "gradients of one, two and several arguments" (fun () ->
                let x = Expr.vector [ 1.0; 2.0; 3.0 ]
                let gradient = grad (fun x -> Expr.sum (x * x)) x
                Expect.equal (gradient.Evaluate() |> Tensor.toList) [ 2.0; 4.0; 6.0 ] "2x"
                let byX, byY = grad2 (fun x y -> x * x * y) (Expr.constant 3.0) (Expr.constant 2.0)
                Expect.equal (Expr.value byX, Expr.value byY) (12.0, 9.0) "of two"

                let product =
                    gradList (List.reduce (*)) [ Expr.constant 2.0; Expr.constant 3.0; Expr.constant 5.0 ]

                Expect.equal (product |> List.map Expr.value) [ 15.0; 10.0; 6.0 ] "of three")

            testCase "value and gradient" (fun () ->
                let value, gradient = valueAndGrad (fun x -> x * x) (Expr.constant 3.0)
                Expect.equal (Expr.value value, Expr.value gradient) (9.0, 6.0) "both")

            testCase "pushforward and pullback" (fun () ->
                let f (x: Expr) = x * x
                let x = Expr.vector [ 1.0; 2.0 ]
                let value, tangent = jvp f x (Expr.vector [ 1.0; 0.5 ])

                Expect.equal
                    (value.Evaluate() |> Tensor.toList, tangent.Evaluate() |> Tensor.toList)
                    ([ 1.0; 4.0 ], [ 2.0; 2.0 ])
                    "J·v"

                let _, pull = vjp f x
                Expect.equal ((pull (Expr.vector [ 1.0; 10.0 ])).Evaluate() |> Tensor.toList) [ 2.0; 40.0 ] "Jᵀ·w")

            testCase "Jacobian, Hessian and their product with a vector" (fun () ->
                let f (x: Expr) = Expr.sum (x * x * x)
                let x = Tensor.vector [ 1.0; 2.0 ]
                Expect.equal (Numeric.jacobian (fun x -> x * x) x) (Tensor.matrix [ [ 2.0; 0.0 ]; [ 0.0; 4.0 ] ]) "J"
                Expect.equal (Numeric.hessian f x) (Tensor.matrix [ [ 6.0; 0.0 ]; [ 0.0; 12.0 ] ]) "H"

                Expect.equal
                    ((hvp f (Expr.tensor x) (Expr.vector [ 1.0; 1.0 ])).Evaluate() |> Tensor.toList)
                    [ 6.0; 12.0 ]
                    "H·v"

                Expect.equal
                    (jacobian (fun x -> x * x) (Expr.tensor x)).Shape
                    (Shape.ofList [ 2; 2 ])
                    "the Jacobian's shape"

                Expect.equal (hessian f (Expr.tensor x)).Shape (Shape.ofList [ 2; 2 ]) "the Hessian's shape")

            testCase "single precision follows from the argument" (fun () ->
                let gradient =
                    Numeric.grad (fun x -> Expr.sum (x * x)) (Tensor.vector [ 1.0f; 2.0f ])

                Expect.equal (Tensor.toList gradient) [ 2.0f; 4.0f ] "2x")
        ]

let private maps =
    testList
        "points and maps"
        [
            testCase "one step of gradient descent" (fun () ->
                let w = Expr.var "w"
                let loss = (w * 3.0 - 3.0) * (w * 3.0 - 3.0)
                let at = Point.ofList [ w, 2.0 ]
                let gradient = loss |> Expr.gradient |> GradientMap.eval at
                near 9.0 (loss |> Expr.eval at |> Tensor.toScalar) "the loss"
                near 18.0 (gradient |> GradientMap.find w |> Tensor.toScalar) "the gradient"
                let next = at |> Point.move -0.05 gradient
                near 1.1 (next |> Point.tryFind w |> Option.get |> Tensor.toScalar) "the next point")

            testCase "as maps, lists and folds" (fun () ->
                let x, y, z = Expr.var "x", Expr.var "y", Expr.var "z"
                let map = GradientMap.ofList [ x, Tensor.scalar 1.0; y, Tensor.scalar 2.0 ]
                Expect.equal (map |> GradientMap.toMap |> Map.toList |> List.map fst) [ "x"; "y" ] "by name"

                Expect.equal
                    (map |> GradientMap.fold (fun sum _ value -> sum + Tensor.toScalar value) 0.0)
                    3.0
                    "a fold"

                Expect.isNone (map |> GradientMap.tryFind z) "a missing key"
                Expect.equal (map |> GradientMap.tryFind y) (Some(Tensor.scalar 2.0)) "a key"

                Expect.equal
                    (map |> GradientMap.toSeq |> Seq.map (fun (key, _) -> key.Name) |> List.ofSeq)
                    [ "x"; "y" ]
                    "in order"

                Expect.equal (GradientMap.sum [ map; map ]) (2.0 * map) "a sum"
                Expect.equal (GradientMap.dot map map |> Tensor.toScalar) 5.0 "an inner product")

            testCase "two variables of one name cannot be told apart by name" (fun () ->
                let map =
                    GradientMap.ofList [ Expr.var "w", Tensor.scalar 1.0; Expr.var "w", Tensor.scalar 2.0 ]

                Expect.throwsC (fun () -> GradientMap.toMap map |> ignore) (fun error ->
                    Expect.stringContains error.Message "2 variables are named \"w\"" "what is wrong"
                    Expect.stringContains error.Message "GradientMap.toSeq" "what to do"))

            testCase "what is no variable is refused with advice" (fun () ->
                let x = Expr.var "x"

                Expect.throwsC (fun () -> Point.ofList [ x + 1.0, 2.0 ] |> ignore) (fun error ->
                    Expect.stringContains error.Message "not a variable" "what is wrong"
                    Expect.stringContains error.Message "Expr.var" "what to do"))

            testCase "reductions take lists of axes" (fun () ->
                let x = Expr.tensor (Tensor.matrix [ [ 3.0; 4.0 ]; [ 0.0; 1.0 ] ])
                let shown (expression: Expr) = string (expression.Evaluate())
                Expect.equal (shown (Expr.sum x)) "8" "sum"
                Expect.equal (shown (Expr.sumOver [ 0 ] x)) "[3, 5]" "over rows"
                Expect.equal (shown (Expr.sumOver [] x)) "[[3, 4], [0, 1]]" "over nothing"
                Expect.equal (shown (Expr.meanOver [ -1 ] x)) "[3.5, 0.5]" "mean"
                Expect.equal (shown (Expr.maxOver [ 1 ] x)) "[4, 1]" "max"
                Expect.equal (shown (Expr.min x)) "0" "min"
                Expect.equal (shown (Expr.normOver [ 1 ] x)) "[5, 1]" "norm"
                Expect.equal (shown (Expr.logSumExp (Expr.vector [ 0.0 ]))) "0" "logsumexp"
                Expect.equal (shown (Expr.softmax 0 (Expr.vector [ 1.0; 1.0 ]))) "[0.5, 0.5]" "softmax"
                Expect.equal (shown (Expr.matmul x (Expr.transpose x))) "[[25, 4], [4, 1]]" "X·Xᵀ"
                Expect.equal (shown (x |> Expr.item 1 |> Expr.item -1)) "1" "an entry")

            testCase "gradients by some variables, and Jacobians of expressions" (fun () ->
                let x, y = Expr.tensorVar "x" [ 2 ], Expr.var "y"
                let f = Expr.sum (x * y)
                Expect.equal (f |> Expr.gradientBy [ y ] |> GradientMap.variables |> List.map _.Name) [ "y" ] "by y"
                Expect.equal (f |> Expr.hessian x).Shape (Shape.ofList [ 2; 2 ]) "H"
                Expect.equal (x * y |> Expr.jacobian x).Shape (Shape.ofList [ 2; 2 ]) "J"
                let at = Point.ofTensors [ x, Tensor.vector [ 1.0; 2.0 ]; y, Tensor.scalar 3.0 ]

                Expect.equal
                    (f |> Expr.substitute y (Expr.constant 5.0) |> Expr.eval at |> Tensor.toScalar)
                    15.0
                    "substituted")
        ]

// Constants folded, by a walk over the nodes: what an F# user writes over the active patterns.
let private describe expression =
    match expression with
    | Add(x, Negate y) -> $"minus {x} {y}"
    | Add _ -> "add"
    | Subtract _ -> "subtract"
    | Multiply(Number a, Variable x) -> $"%g{a} times %s{x.Name}"
    | Divide _ -> "divide"
    | Select(_, Number a, _) -> $"select %g{a}"
    | Sum(Variable x) -> $"sum of %s{x.Name}"
    | Call "exp" [ Variable x ] -> $"exp of %s{x.Name}"
    | Apply(primitive, inputs) -> $"%s{primitive.Name} of %d{inputs.Length}"
    | Variable x -> x.Name
    | Constant value -> string value

let private patterns =
    testList
        "active patterns"
        [
            let x, v = Expr.var "x", Expr.tensorVar "v" [ 3 ]

            let cases =
                [
                    x + -x, "minus x x"
                    x + x, "add"
                    x - x, "subtract"
                    2.5 * v, "2.5 times v"
                    x / v, "divide"
                    Expr.select x (Expr.constant 7.0) v, "select 7"
                    Expr.sum v, "sum of v"
                    exp x, "exp of x"
                    sin x, "sin of 1"
                    x, "x"
                    Expr.constant 3.0, "3"
                ]

            for expression, text in cases do
                testCase $"a pattern for \"%s{text}\"" (fun () ->
                    Expect.equal (describe expression) text "the description")
        ]

[<Tests>]
let tests = testList "the F# layer" [ inlineFunctions; functions; maps; patterns ]
