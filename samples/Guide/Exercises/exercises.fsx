// Exercises to the guide, for a class. Write the guide once, which builds the library, then run them:
//
//     dotnet run --project samples/Guide
//     dotnet fsi samples/Guide/Exercises/exercises.fsx
//
// Each one holds as it stands. For a class, take out what stands between "your turn" and "until here", let the class write
// it again, and run: a line says of each exercise whether it holds.

#I "../bin/Debug/net10.0"
#r "System.Numerics.Tensors.dll"
#r "FunctionalGrad.dll"
#r "FunctionalGrad.FSharp.dll"

open System
open FunctionalGrad
open FunctionalGrad.FSharp

let near left right = abs (left - right) < 1e-9

let mutable failed = 0

let check (exercise: string) holds =
    printfn "%s  %s" (if holds then "holds" else "fails") exercise

    if not holds then
        failed <- failed + 1

// 1. An expression is a value (page 1). Evaluate one expression at two points: it does not change.
let first, second =
    let x, y = Expr.var "x", Expr.var "y"
    let a = x * y
    let b = a * sin a
    // your turn: the values of b at (2, 0.5) and at (0, 7)
    let at u v =
        b.Evaluate(Point.ofList [ x, u; y, v ]).ToScalar()

    at 2.0 0.5, at 0.0 7.0
// until here

check "1. one expression, two values" (first = sin 1.0 && second = 0.0)

// 2. A derivative for each operation (page 2). Give an operation of your own its derivative.
// your turn: the partial of x / (1 + |x|), from its value y
let softsign =
    Primitive.Elementwise("softsign", (fun x -> x / (1.0 + abs x)), (fun x y -> (1.0 - Expr.Abs y).Square()))
// until here

let slope at =
    let x = Expr.var "x"

    softsign.Apply(ReadOnlySpan<Expr> [| x |])
    |> Expr.gradient
    |> GradientMap.eval (Point.ofList [ (x, at) ])
    |> GradientMap.find x

check
    "2. the slope of softsign at 0, 1 and −3"
    ([ 0.0; 1.0; -3.0 ]
     |> List.forall (fun at -> near ((slope at).ToScalar()) (1.0 / (1.0 + abs at) ** 2.0)))

// 3. Push without mutation (page 3). A fold of maps: each step adds one contribution to one key and returns a new map.
let pushed =
    let a = Expr.var "a"
    let b = a + a
    let c = b + b
    let name (node: Expr) = string node

    let contributions =
        [
            for node in List.rev (Expr.nodes c) do
                match node with
                | :? Application as user ->
                    for operand in 0 .. user.Inputs.Length - 1 -> name user, name (user.Input operand)
                | _ -> ()
        ]

    let add (map: Map<string, float>) (user, input) =
        // your turn: an addition has the partial 1 by each operand
        let sofar = map |> Map.tryFind input |> Option.defaultValue 0.0
        map |> Map.add input (sofar + map[user])
    // until here

    contributions |> List.fold add (Map.ofList [ (name c, 1.0) ]) |> Map.find "a"

check "3. pushed, as a fold: a ↦ 4" (pushed = 4.0)

// 4. Pull and sum (page 4). The adjoint of a node is a sum over its uses.
let pulled =
    let a = Expr.var "a"
    let b = a + a
    let c = b + b
    let same (left: Expr) (right: Expr) = obj.ReferenceEquals(left, right)

    // your turn
    let rec adjoint (v: Expr) =
        if same v c then
            1.0
        else
            Expr.nodes c
            |> List.sumBy (fun node ->
                match node with
                | :? Application as user ->
                    user.Inputs.ToArray()
                    |> Array.filter (same v)
                    |> Array.sumBy (fun _ -> adjoint user)
                | _ -> 0.0)
    // until here

    adjoint a

check "4. pulled: a ↦ 4" (pulled = 4.0)

// 5. A gradient is a map (page 5). The map of a batch is the sum of the maps of its examples.
let sum, batch =
    let w, b = Expr.var "w", Expr.var "b"
    let loss (x: float) (y: float) = (w * x + b - y) ** 2.0
    let at = Point.ofList [ w, 0.5; b, 0.0 ]
    let map = Expr.gradient >> GradientMap.eval at
    // your turn
    let sum = map (loss 1.0 2.0) + map (loss 3.0 1.0)
    // until here
    sum, map (loss 1.0 2.0 + loss 3.0 1.0)

check "5. two examples make a batch" (sum.Equals batch)

// 6. Time travel (page 6). A gradient is NaN. Which is the first step of the pass whose adjoint is not a number?
let culprit =
    let x = Expr.var "x"

    sqrt x * 0.0
    |> Trace.gradient (Point.ofList [ (x, 0.0) ])
    |> Trace.steps
    // your turn
    |> List.find (fun step -> Double.IsNaN(step.AdjointValue.ToScalar()))
// until here

check "6. 0 times an infinite slope is no number" (string culprit.Node = "x")

// 7. Training is a fold (page 7). Find the root of 2 as the least point of (w² − 2)², and keep every state.
let states =
    let w = Expr.var "w"
    let gradient = (w * w - 2.0) ** 2.0 |> Expr.gradient
    // your turn: one step, with the rate 0.05
    let step point (_: int) =
        point |> Point.move -0.05 (gradient |> GradientMap.eval point)
    // until here

    [ 1..60 ]
    |> List.scan step (Point.ofList [ (w, 1.0) ])
    |> List.choose (Point.tryFind w)
    |> List.map _.ToScalar()

check
    "7. sixty steps to √2, and the first state is still 1"
    (near (List.last states) (sqrt 2.0) && List.head states = 1.0)

// 8. The derivative of a derivative (page 9). sin differentiated four times is sin.
let fourth =
    // your turn
    diffN 4 sin (Expr.constant 0.7) |> Expr.value
// until here

check "8. four derivatives of sin make sin" (near fourth (sin 0.7))

printfn "%d of 8 hold" (8 - failed)
exit (if failed = 0 then 0 else 1)
