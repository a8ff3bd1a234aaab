module FunctionalGrad.LawTests.ReversePass

open System
open System.Collections.Generic
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

/// What can be wrong with a reverse pass.
type Fault =
    | NoFault
    | AssignInsteadOfAdd
    | KeepOnlyTheFirst
    | InputsAsSet
    | NoTopologicalOrder
    | OneWrongPartial
    | OneTransposedOperand
    | ForgottenBroadcastSum

let private nullable (expression: Expr | null) = Option.ofObj expression

// What has no second axis stays as it is, so that the fault makes wrong numbers rather than an exception.
let private transposed (operand: Expr) (value: Expr) =
    if operand.Shape.Rank < 2 then
        value
    else
        value.Transpose().Reshape operand.Shape

/// contribution(u → v), from the public rules alone; what masks hide is no part of this copy.
let private contribution fault (user: Application) operand (cotangent: Expr) =
    let times (partial: Expr) =
        cotangent * partial.BroadcastTo cotangent.Shape

    match user.Primitive.Rule with
    | :? Rule.Elementwise when fault = OneWrongPartial && user.Primitive.Name = "multiply" && operand = 1 ->
        Some(times (user.Input 1))
    | :? Rule.Elementwise as rule -> rule.Partial.Invoke(user, operand) |> nullable |> Option.map times
    | :? Rule.Linear when fault = ForgottenBroadcastSum && user.Primitive.Name = "broadcast" ->
        let shape = user.Input(operand).Shape
        let copies = float user.Shape.Size / float (max 1 shape.Size)

        (user.Primitive.Rule :?> Rule.Linear).Transpose.Invoke(user, operand, cotangent)
        |> nullable
        |> Option.map (fun sum -> sum / copies)
    | :? Rule.Linear as rule when rule.IsLinearIn operand -> rule.Transpose.Invoke(user, operand, cotangent) |> nullable
    | :? Rule.Linear -> None
    | :? Rule.Bilinear as rule when operand = 0 -> Some(rule.Left.Invoke(user, cotangent))
    | :? Rule.Bilinear as rule ->
        let right = rule.Right.Invoke(user, cotangent)

        Some(
            if fault = OneTransposedOperand then
                transposed (user.Input 1) right
            else
                right
        )
    | :? Rule.General as rule -> rule.Pullback.Invoke(user, operand, cotangent) |> nullable
    | other -> invalidOp $"{other.GetType()} is no rule"

// From the root outwards, nearest first: a node may come before one of its users.
let private breadthFirst (root: Expr) =
    let seen = HashSet<Expr>([ root ], HashIdentity.Reference)
    let waiting = Queue<Expr>([ root ])

    [
        while waiting.Count > 0 do
            let node = waiting.Dequeue()
            node

            match node with
            | Apply(_, inputs) -> inputs |> List.filter seen.Add |> List.iter waiting.Enqueue
            | _ -> ()
    ]

let private uses fault (nodes: Expr list) =
    [
        for node in nodes do
            match node with
            | :? Application as user ->
                let inputs = user.Inputs.ToArray() |> List.ofArray |> List.indexed

                let counted =
                    if fault = InputsAsSet then
                        inputs
                        |> List.distinctBy (fun (_, input) -> Runtime.CompilerServices.RuntimeHelpers.GetHashCode input)
                    else
                        inputs

                for operand, input in counted -> input, (user, operand)
            | _ -> ()
    ]

/// Jᵀ·w: adjoint(v) = Σ over uses u of v of contribution(u → v, adjoint(u)).
let pullback fault (root: Expr) (cotangent: Expr) (variables: Variable list) : GradientMap<Expr> =
    let nodes = Expr.nodes root
    let usesOf = Dictionary<Expr, List<Application * int>>(HashIdentity.Reference)

    for input, useOfIt in uses fault nodes do
        if not (usesOf.ContainsKey input) then
            usesOf[input] <- List()

        usesOf[input].Add useOfIt

    let adjoints = Dictionary<Expr, Expr>(HashIdentity.Reference)

    let combine (contributions: Expr list) =
        match contributions, fault with
        | [], _ -> None
        | _, AssignInsteadOfAdd -> Some(List.last contributions)
        | _, KeepOnlyTheFirst -> Some(List.head contributions)
        | _ -> Some(List.reduce (+) contributions)

    let adjoint (node: Expr) =
        if obj.ReferenceEquals(node, root) then
            Some cotangent
        else
            match usesOf.TryGetValue node with
            | false, _ -> None
            | true, found ->
                [
                    for user, operand in found do
                        match adjoints.TryGetValue(user :> Expr) with
                        | true, ofUser -> yield! contribution fault user operand ofUser |> Option.toList
                        | false, _ -> ()
                ]
                |> combine

    let order =
        if fault = NoTopologicalOrder then
            breadthFirst root
        else
            List.rev nodes

    for node in order do
        adjoint node |> Option.iter (fun found -> adjoints[node] <- found)

    variables
    |> List.map (fun variable ->
        match adjoints.TryGetValue(variable :> Expr) with
        | true, found -> variable, found
        | false, _ -> variable, FunctionalGrad.Expr.Zeros variable.Shape)
    |> GradientMap.ofList

/// The library with this pass for its reverse mode.
let engine fault =
    { Engine.library with
        Pullback = pullback fault
    }
