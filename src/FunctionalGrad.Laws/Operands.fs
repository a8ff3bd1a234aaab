namespace FunctionalGrad.Laws

open FsCheck.FSharp
open FunctionalGrad
open FunctionalGrad.FSharp

/// A graph that is being grown: its nodes, the latest first, and the numbers of its variables.
type internal Growing =
    {
        Nodes: Expr list
        Entries: (Variable * Tensor<float>) list
    }

    member growing.Point = Point.ofTensors growing.Entries

/// Operands for the next node of a graph: new variables, or nodes that are already there, made to fit.
[<RequireQualifiedAccess>]
module internal Operands =

    /// A new variable, or constant where only whole numbers count, with numbers of the operand's domain.
    let fresh (operand: Operand) (growing: Growing) =
        gen {
            let! value = Sampling.tensor operand.Domain operand.Shape

            if operand.Domain.WholeNumbers then
                return Expr.tensor value, growing
            else
                let variable =
                    FunctionalGrad.Expr.Variable($"x%d{growing.Entries.Length}", operand.Shape)

                return
                    variable :> Expr,
                    {
                        Nodes = variable :> Expr :: growing.Nodes
                        Entries = growing.Entries @ [ variable, value ]
                    }
        }

    let private intoDomain (domain: Domain) (at: Point<float>) (expression: Expr) =
        if Domains.holdsAll domain (Expr.eval at expression) then
            Gen.constant expression
        else
            Gen.elements domain.Intervals
            |> Gen.map (fun interval -> Fitting.intoInterval interval expression)

    // Most operands are the latest nodes, so that graphs grow deep as well as wide.
    let private atHand (nodes: Expr list) =
        let latest = List.truncate 3 nodes
        Gen.frequency [ 2, Gen.elements latest; 1, Gen.elements nodes ]

    let private broadcasts (left: Shape) (right: Shape) =
        try
            Shape.Broadcast(left, right, "operands") |> ignore
            true
        with :? ShapeException ->
            false

    let private reused (loose: bool) (operand: Operand) (growing: Growing) =
        gen {
            let sameShape =
                growing.Nodes |> List.filter (fun node -> node.Shape = operand.Shape)

            let! node =
                if loose || sameShape.IsEmpty then
                    atHand growing.Nodes
                else
                    atHand sameShape

            let shaped =
                if loose && broadcasts node.Shape operand.Shape then
                    node
                else
                    Fitting.toShape operand.Shape node

            let! fitted = intoDomain operand.Domain growing.Point shaped
            return fitted, growing
        }

    // A choice that the graph itself makes, so that select meets conditions that are no constants.
    let private condition (wanted: Operand) (growing: Growing) =
        gen {
            let! node = atHand growing.Nodes
            let! threshold = Gen.elements [ -0.5; 0.25; 1.5 ]
            let chosen = FunctionalGrad.Expr.op_GreaterThan (node, Expr.constant threshold)
            return Fitting.toShape wanted.Shape chosen, growing
        }

    let private isCondition (domain: Domain) =
        domain.WholeNumbers
        && domain.Intervals[0].Low = 0.0
        && domain.Intervals[0].High = 1.0

    // A shape that broadcasts to the one wanted.
    let private stretched (operand: Operand) =
        let shape = operand.Shape

        let narrow =
            [
                for axis in 0 .. shape.Rank - 1 -> Operand(shape.With(axis, 1), operand.Domain)
            ]

        Gen.frequency
            [
                3, Gen.constant operand
                1, Gen.elements (Operand(Shape.ofList [], operand.Domain) :: narrow)
            ]

    let private operand elementwise (previous: Expr list) (example: Operand) (growing: Growing) =
        let wanted, loose =
            match previous with
            | last :: _ when elementwise -> Operand(last.Shape, example.Domain), true
            | _ -> example, elementwise && not growing.Nodes.IsEmpty

        let again =
            match previous with
            | last :: _ when last.Shape = wanted.Shape ->
                [
                    2,
                    intoDomain wanted.Domain growing.Point last
                    |> Gen.map (fun fitted -> fitted, growing)
                ]
            | _ -> []

        let any (operand: Operand) =
            if loose && previous.IsEmpty then
                growing.Nodes
                |> atHand
                |> Gen.map (fun node -> Operand(node.Shape, operand.Domain))
            else
                Gen.constant operand

        if growing.Nodes.IsEmpty then
            fresh wanted growing
        elif isCondition wanted.Domain then
            Gen.oneof [ fresh wanted growing; condition wanted growing ]
        elif wanted.Domain.WholeNumbers then
            fresh wanted growing
        else
            let made =
                gen {
                    let! operand =
                        if elementwise then
                            stretched wanted
                        else
                            Gen.constant wanted

                    return! fresh operand growing
                }

            let found =
                gen {
                    let! operand = any wanted
                    return! reused loose operand growing
                }

            Gen.frequency ([ 2, made; 8, found ] @ again)

    /// Expressions to serve as the operands wanted, from first to last.
    let rec operands elementwise chosen (wanted: Operand list) growing =
        match wanted with
        | [] -> Gen.constant (List.rev chosen, growing)
        | next :: rest ->
            gen {
                let! expression, grown = operand elementwise chosen next growing
                return! operands elementwise (expression :: chosen) rest grown
            }
