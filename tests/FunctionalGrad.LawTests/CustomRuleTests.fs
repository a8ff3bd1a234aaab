module FunctionalGrad.LawTests.CustomRuleTests

open System
open System.Collections.Immutable
open Expecto
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

type private E = FunctionalGrad.Expr

let private report (check: unit -> unit) =
    try
        check ()
        "no law was broken"
    with :? LawBrokenException as broken ->
        broken.Message

let private unary name (value: float -> float) (derivative: Expr -> Expr -> Expr) =
    Primitive.Elementwise(name, Func<float, float> value, Func<Expr, Expr, Expr | null>(fun x y -> derivative x y))

let private linear name (value: float[] -> float[]) (transpose: Expr -> Expr) =
    Primitive.Linear(
        name,
        Func<Tensor<float>, Tensor<float>>(fun x -> Tensor.Of(x.Shape, value (x.ToArray()))),
        Func<Shape, Expr, Expr>(fun _ w -> transpose w)
    )

let private general name (value: Tensor<float> -> Tensor<float>) pullback pushforward =
    Primitive.General(
        name,
        Func<Shape, Shape>(fun _ -> Shape.ofList []),
        Func<Tensor<float>, Tensor<float>> value,
        Func<Expr, Expr, Expr, Expr>(fun x y w -> pullback x y w),
        Func<Expr, Expr, Expr, Expr>(fun x y v -> pushforward x y v)
    )

let private squares pullback pushforward =
    general "squares" (fun x -> Tensor<float>.Dot(x, x)) pullback pushforward

let private differences (x: float[]) =
    Array.init x.Length (fun i -> if i = 0 then x[0] else x[i] - x[i - 1])

let private transposed (w: Expr) =
    w
    - E.Concatenate(
        [|
            w.Slice(ReadOnlySpan [| Range.StartAt(Index 1) |])
            E.Zeros(Shape.ofList [ 1 ])
        |],
        0
    )

// A kernel that knows single precision only to two digits.
[<Struct>]
type private Coarse =
    interface IUnaryFunction with
        member _.Apply<'T
            when 'T: struct
            and 'T: (new: unit -> 'T)
            and 'T :> ValueType
            and 'T :> System.Numerics.IBinaryFloatingPointIeee754<'T>>
            (x: 'T)
            : 'T =
            if typeof<'T> = typeof<float32> then
                x * 'T.CreateTruncating 2.01
            else
                x * 'T.CreateTruncating 2.0

let mutable private calls = 0.0

let private relu atZero =
    Primitive.Elementwise(
        "ramp",
        Func<float, float>(fun x -> max x 0.0),
        Func<Expr, Expr, Expr | null>(fun x _ ->
            E.Select(E.op_GreaterThan (x, Expr.constant 0.0), Expr.constant 1.0, atZero)),
        Domain.Of(ReadOnlySpan [| Interval(-2.0, -0.1); Interval(0.1, 2.0) |]),
        ImmutableArray.Create(
            Kink(ImmutableArray.Create 0.0, ImmutableArray.Create 0.0, "the minimum-norm subgradient")
        )
    )

// What is planted, the check that should notice, and what its report should say: the law's name, the input, both sides.
let private wrong: (string * (unit -> unit) * string list) list =
    let primitive make () = Laws.check (make ())

    [
        "a wrong partial",
        primitive (fun () -> unary "cube" (fun x -> x * x * x) (fun x _ -> 2.0 * x * x)),
        [ "law 13. finite differences"; "x0 = "; "derivative"; "finite differences" ]

        "a sign forgotten",
        primitive (fun () -> unary "cosine" cos (fun x _ -> sin x)),
        [ "law 13. finite differences"; "x0 = "; "derivative" ]

        "a wrong transpose",
        primitive (fun () -> linear "differences" differences (fun w -> w)),
        [ "law 9. adjoint"; "differences ["; "x0 = "; "left"; "right" ]

        "a map that is not linear",
        primitive (fun () -> linear "shifted" (Array.map (fun x -> x + 1.0)) id),
        [ "law 9. adjoint"; "shifted ["; "one of the two is wrong" ]

        "a value of another shape than promised",
        primitive (fun () ->
            Primitive.Linear(
                "halved",
                Func<Tensor<float>, Tensor<float>>(fun x -> Tensor.vector [ x.ToArray()[0] ]),
                Func<Shape, Expr, Expr>(fun _ w -> w)
            )),
        [ "law 0."; "halved: its shape rule promised [3] and its value has shape [1]" ]

        "a transpose of the wrong shape",
        primitive (fun () ->
            Primitive.Linear(
                "total",
                Func<Tensor<float>, Tensor<float>>(fun x -> x.ToArray() |> Array.sum |> Tensor.scalar),
                Func<Shape, Expr, Expr>(fun _ w -> w),
                Func<Shape, Shape>(fun _ -> Shape.ofList [])
            )),
        [ "law 0."; "the pullback to x0 has shape [] and should have [3]" ]

        "a pullback that does not match the pushforward",
        primitive (fun () -> squares (fun x _ w -> w * x) (fun x _ v -> 2.0 * Expr.dot x v)),
        [ "law 9. adjoint"; "squares ["; "left"; "right" ]

        "a pushforward that does not match the pullback",
        primitive (fun () -> squares (fun x _ w -> w * 2.0 * x) (fun x _ v -> Expr.dot x v)),
        [ "law 9. adjoint" ]

        "a pullback and a pushforward that agree on what is wrong",
        primitive (fun () -> squares (fun x _ w -> w * 3.0 * x) (fun x _ v -> 3.0 * Expr.dot x v)),
        [ "law 13. finite differences"; "derivative" ]

        "a pullback that is not linear in the cotangent",
        primitive (fun () -> squares (fun x _ w -> w * w * 2.0 * x) (fun x _ v -> 2.0 * Expr.dot x v)),
        [ "law 11. the pullback is linear" ]

        "a kernel that is wrong in one entry",
        primitive (fun () ->
            linear "doubled" (fun x -> x |> Array.mapi (fun i v -> if i = 2 then v else 2.0 * v)) (fun w -> 2.0 * w)),
        [ "doubled ["; "x0 = " ]

        "a kernel that is wrong in single precision",
        primitive (fun () ->
            Primitive.Elementwise("twice", Coarse(), Func<Expr, Expr, Expr | null>(fun _ _ -> Expr.constant 2.0))),
        [
            "law 0. the value in single precision"
            "twice ["
            "the value in single and in double precision"
        ]

        "an impure function",
        primitive (fun () ->
            unary
                "counting"
                (fun x ->
                    calls <- calls + 1.0
                    x + calls)
                (fun _ _ -> Expr.constant 1.0)),
        [ "counting [" ]

        "a wrong choice at a kink",
        primitive (fun () -> relu (Expr.constant 1.0)),
        [ "law 26. kinks"; "x0 = 0"; "actual   1"; "expected 0" ]

        "a wrong second derivative",
        primitive (fun () -> unary "square" (fun x -> x * x) (fun x _ -> 2.0 * E.StopGradient x)),
        [ "law 13. finite differences of the gradient"; "x0 = "; "derivative" ]

        "a derivative of one's own that is another",
        (fun () ->
            (fun (x: Expr) -> x * x)
            |> withDerivative (fun x _ -> 3.0 * x)
            |> Laws.checkDerivative (Tensor.vector [ 1.0; 2.0 ])),
        [
            "law 28. a derivative of one's own"
            "x = "
            "Jᵀ·w by the rule given"
            "left"
            "right"
        ]

        "a clipped gradient",
        (fun () ->
            id
            |> withRules (fun _ _ w -> E.Clamp(w, -0.01, 0.01)) (fun _ _ v -> v)
            |> Laws.checkDerivative (Tensor.vector [ 1.0; 2.0 ])),
        [ "law 28."; "law 9. adjoint"; "law 11." ]
    ]

[<Tests>]
let caught =
    testList
        "wrong rules of users are caught, and the report says law, input and both sides"
        [
            for name, check, says in wrong do
                testCase name (fun () ->
                    let text = report check

                    if not (isNull (Environment.GetEnvironmentVariable "SHOW_REPORTS")) then
                        printfn "=== %s\n%s\n" name text

                    for part in says do
                        Expect.stringContains text part "the report")
        ]

[<Tests>]
let passed =
    testList
        "right rules of users pass"
        [
            testCase "linear" (fun () -> linear "differences" differences transposed |> Laws.check)
            testCase "general" (fun () ->
                squares (fun x _ w -> w * 2.0 * x) (fun x _ v -> 2.0 * Expr.dot x v)
                |> Laws.check)
            testCase "at a kink" (fun () -> Laws.check (relu (Expr.constant 0.0)))
            testCase "a formula" (fun () ->
                Primitive.OfFormula("swish", Func<Expr, Expr>(fun x -> x * E.Logistic x))
                |> Laws.check)
            testCase "a formula of two operands, with its partials" (fun () ->
                Primitive.OfFormula(
                    "saddle",
                    Func<Expr, Expr, Expr>(fun x y -> x * x * y),
                    Func<Expr, Expr, Expr, Expr | null>(fun x y _ -> 2.0 * x * y),
                    Func<Expr, Expr, Expr, Expr | null>(fun x _ _ -> x * x)
                )
                |> Laws.check)
            testCase "of three operands" (fun () ->
                Primitive.Elementwise(
                    "fused",
                    ImmutableArray.Create(Domain.Real, Domain.Real, Domain.Real),
                    Func<ImmutableArray<float>, float>(fun v -> v[0] * v[1] + v[2]),
                    Func<ImmutableArray<Expr>, Expr, int, Expr | null>(fun x _ i ->
                        match i with
                        | 0 -> x[1]
                        | 1 -> x[0]
                        | _ -> Expr.constant 1.0)
                )
                |> Laws.check)
            testCase "a derivative of one's own, by either rule" (fun () ->
                let at = Tensor.vector [ 0.5; -1.25; 2.0 ]
                let f (x: Expr) = log (1.0 + exp x)

                f |> withDerivative (fun x _ -> 1.0 / (1.0 + exp -x)) |> Laws.checkDerivative at

                f |> withPullback (fun x _ w -> w / (1.0 + exp -x)) |> Laws.checkDerivative at

                f
                |> withPushforward (fun x _ v -> v / (1.0 + exp -x))
                |> Laws.checkDerivative at

                FunctionalGrad.Laws.Laws.CheckDerivative(
                    Differentiate.WithDerivative(
                        Func<Expr, Expr>(fun x -> Expr.sum (x * x)),
                        pushforward = Func<Expr, Expr, Expr, Expr>(fun x _ v -> 2.0 * Expr.dot x v)
                    ),
                    at
                ))
            testCase "a function without a derivative of its own has nothing to check" (fun () ->
                Expect.throwsT<ArgumentException>
                    (fun () -> Laws.checkDerivative (Tensor.vector [ 1.0 ]) (fun x -> x * x))
                    "nothing")
        ]
