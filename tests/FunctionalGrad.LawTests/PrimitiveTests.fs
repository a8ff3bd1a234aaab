module FunctionalGrad.LawTests.PrimitiveTests

open System
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

type private E = FunctionalGrad.Expr

let private unary name (value: float -> float) (derivative: Expr -> Expr -> Expr) =
    Primitive.Elementwise(name, Func<float, float> value, Func<Expr, Expr, Expr | null>(fun x y -> derivative x y))

let private message (primitive: Primitive) =
    try
        Laws.check primitive
        "no law was broken"
    with :? LawBrokenException as broken ->
        broken.Message

let private squares pullback =
    Primitive.Define(
        "squares",
        Func<_, _>(fun _ -> Shape.ofList []),
        Func<_, _>(fun operands ->
            operands
            |> Seq.head
            |> Tensor.toList
            |> List.sumBy (fun x -> x * x)
            |> Tensor.scalar),
        Rule.General(
            PullbackRule(fun node _ cotangent -> pullback (node.Input 0) cotangent),
            PushforwardRule(fun node tangents ->
                match tangents[0] with
                | null -> null
                | tangent -> 2.0 * Expr.dot (node.Input 0) tangent)
        ),
        Collections.Immutable.ImmutableArray.Create(
            Collections.Immutable.ImmutableArray.Create(Operand(Shape.ofList [ 3 ], Domain.Real))
        )
    )

[<Tests>]
let ofTheLibrary =
    testList
        "every primitive keeps the laws"
        [
            for place, primitive in Seq.indexed Primitive.All do
                testCase $"{primitive} (%d{place})" (fun () -> Laws.check primitive)
        ]

[<Tests>]
let ofUsers =
    testList
        "users' own primitives"
        [
            testCase "a right elementwise one passes" (fun () ->
                unary "softsign" (fun x -> x / (1.0 + abs x)) (fun _ y -> (1.0 - E.Abs y) * (1.0 - E.Abs y))
                |> Laws.check)

            testCase "a wrong partial is caught, with law, input and both sides" (fun () ->
                let text = message (unary "cube" (fun x -> x * x * x) (fun x _ -> 2.0 * x * x))
                Expect.stringContains text "law 13. finite differences" "the law"
                Expect.stringContains text "cube [" "the program"
                Expect.stringContains text ": variable" "the input"
                Expect.stringContains text "derivative" "one side"
                Expect.stringContains text "finite differences 2.99" "the other side, 3·x² at 1")

            testCase "a partial of the wrong shape is caught" (fun () ->
                let text =
                    message (unary "twice" (fun x -> 2.0 * x) (fun _ _ -> Expr.vector [ 2.0; 2.0 ]))

                Expect.stringContains text "law 0." "the law")

            testCase "a right general rule passes" (fun () ->
                squares (fun x cotangent -> cotangent * 2.0 * x) |> Laws.check)

            testCase "a pullback that disagrees with the pushforward is caught" (fun () ->
                let text = message (squares (fun x cotangent -> cotangent * x))
                Expect.stringContains text "law 9. adjoint" "the law"
                Expect.stringContains text "left" "one side"
                Expect.stringContains text "right" "the other side")

            testCase "a pullback that is not linear in the cotangent is caught" (fun () ->
                let text = message (squares (fun x cotangent -> cotangent * cotangent * 2.0 * x))
                Expect.stringContains text "law 11. the pullback is linear" "the law")

            testCase "a primitive without examples cannot be checked" (fun () ->
                let primitive =
                    Primitive.Define(
                        "nothing",
                        Func<_, _>(fun _ -> Shape.ofList []),
                        Func<_, _>(fun _ -> Tensor.scalar 0.0),
                        Rule.Elementwise(PartialRule(fun _ _ -> null)),
                        Collections.Immutable.ImmutableArray.Empty
                    )

                Expect.throwsT<ArgumentException> (fun () -> Laws.check primitive) "no examples")

            testCase "the front door for C# is the same" (fun () ->
                FunctionalGrad.Laws.Laws.Check(squares (fun x cotangent -> cotangent * 2.0 * x))

                Expect.throwsT<LawBrokenException>
                    (fun () -> FunctionalGrad.Laws.Laws.Check(squares (fun x cotangent -> cotangent * x)))
                    "a wrong one")

            testCase "an expression of one's own is checked by every law" (fun () ->
                let x, y = Expr.tensorVar "x" [ 2 ], Expr.var "y"
                let f = E.Exp(x * y) + E.Tanh x / (1.0 + y * y)
                Laws.checkExpression (Point.ofTensors [ x, Tensor.vector [ 0.5; -0.25 ]; y, Tensor.scalar 0.75 ]) f)
        ]
