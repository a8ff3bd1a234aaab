namespace FunctionalGrad.Laws

open System
open FsCheck
open FsCheck.FSharp
open FunctionalGrad
open FunctionalGrad.FSharp

/// A kind of loop, and the same without a loop.
[<ReferenceEquality>]
type LoopForm =
    {
        /// What the loop is, for reports.
        Name: string
        /// The results of the loop from a step, the initial state, and the items along the first axis.
        Loop: (Expr -> Expr -> Expr) -> Expr -> Expr -> Expr list
        /// The same results from the items one by one, with every step written out.
        Written: (Expr -> Expr -> Expr) -> Expr -> Expr list -> Expr list
    }

/// Law 32: a loop is its steps written out.
[<RequireQualifiedAccess>]
module LoopLaws =

    // Smooth everywhere, so that any state is within the domain of every step.
    let private smooth =
        set
            [
                "add"
                "subtract"
                "multiply"
                "negate"
                "sin"
                "cos"
                "tanh"
                "sigmoid"
                "atan"
                "sum"
                "contract"
                "broadcast"
                "reshape"
                "permute"
                "concatenate"
                "slice"
            ]

    /// Random graphs to be bodies of loops: the first variable is the state, the second the item, the others are captured.
    let bodies =
        Primitive.All
        |> Seq.filter (fun primitive -> smooth.Contains primitive.Name)
        |> Graphs.generatorOf
        |> Gen.scaleSize (fun size -> size / 4)

    let private fold =
        {
            Name = "a fold"
            Loop = fun step state items -> [ Expr.fold step state items ]
            Written = fun step state items -> [ List.fold step state items ]
        }

    let private scan =
        let both step (state: Expr) item =
            let next: Expr = step state item
            state * next, next

        let none (state: Expr) =
            FunctionalGrad.Expr.Zeros(Shape.ofList (0 :: Shape.toList state.Shape))

        {
            Name = "a scan"
            Loop =
                fun step state items ->
                    let outputs, final = Expr.mapFold (both step) state items
                    [ outputs; final ]
            Written =
                fun step state items ->
                    let outputs, final = List.mapFold (both step) state items
                    [ (if outputs.IsEmpty then none state else Expr.stack 0 outputs); final ]
        }

    let private keeping every =
        { fold with
            Name = $"a fold that keeps every state in %d{every}"
            Loop = fun step state items -> [ Expr.foldCheckpointed every step state items ]
        }

    let private nested =
        {
            Name = "a fold of loops"
            Loop =
                fun step state items ->
                    [
                        Expr.fold (fun state item -> state |> Expr.repeat 2 (fun s -> step s item)) state items
                    ]
            Written = fun step state items -> [ List.fold (fun state item -> step (step state item) item) state items ]
        }

    let private recomputing =
        { fold with
            Name = "a fold of steps that are computed anew"
            Loop =
                fun step state items ->
                    let again =
                        FunctionalGrad.Expr.Checkpoint(Func<Expr, Expr, Expr>(fun state item -> step state item))

                    [ Expr.fold (fun state item -> again.Invoke(state, item)) state items ]
        }

    // The step is bounded, however large the body, so that four of them stay within single precision.
    let private stepOf (body: Expr) (state: Variable) (item: Variable) : Expr -> Expr -> Expr =
        fun s x ->
            let value = body.Substitute(readOnlyDict [ state, s; item, x ])
            tanh (Fitting.toShape state.Shape value + Fitting.toShape state.Shape x)

    let private judge form (engine: Engine) precision (case: Case) =
        match Case.variables case with
        | [] -> Vacuous
        | state :: others ->
            let item =
                others
                |> List.tryHead
                |> Option.defaultWith (fun () -> FunctionalGrad.Expr.Variable("item", state.Shape))

            // A length that follows from the case, so that shrinking may change it.
            let length = (Expr.nodes case.Root).Length % 5

            let items =
                FunctionalGrad.Expr.Variable("items", Shape.ofList (length :: Shape.toList item.Shape))

            let at = case.Point |> Point.add items (Dyadic.tensor 70 items.Shape)
            let step = stepOf case.Root state item

            let scalar results =
                results
                |> List.mapi (fun place result -> Case.scalar (71 + place) result)
                |> List.reduce (+)

            let loop = form.Loop step state items |> scalar

            let written =
                [ for place in 0 .. length - 1 -> items |> Expr.item place ]
                |> form.Written step state
                |> scalar

            let variables =
                state :: items :: (others |> List.truncate 8 |> List.skip (min 1 others.Length))

            let u, v = Dyadic.map 74 variables, Dyadic.map 75 variables
            let both read = read loop, read written

            let gradients what (root: Expr) (left, right) =
                let numbers = Judging.numbers engine precision at
                Judging.closeGradients precision root Judging.one at what (numbers left) (numbers right)

            let tangents what (root: Expr) (left, right) =
                let number = Judging.number engine precision at

                let scale =
                    Judging.weighted (Scale.reverse precision root Judging.one at variables) v

                Verdict.close precision (Scale.reductionLength root) scale what (number left) (number right)

            let gradient root = Engine.gradient engine root variables

            let pushed root =
                engine.Pushforward root (Judging.constants v)

            let slope root =
                gradient root |> GradientMap.dot (Judging.constants u)

            let slopes = both slope
            let writtenSlope = snd slopes

            seq {
                both (Judging.number engine precision at) ||> Verdict.equal "the value"
                gradients "the gradient" written (both gradient)
                tangents "J·v" written (both pushed)

                gradients "H·u by reverse over reverse mode" writtenSlope (gradient (fst slopes), gradient writtenSlope)

                tangents "⟨u, H·v⟩ by forward over reverse mode" writtenSlope (pushed (fst slopes), pushed writtenSlope)
            }
            |> Verdict.all

    /// <summary>Law 32, of one kind of loop.</summary>
    /// <param name="form">The kind. Its results are those of the loop on the left and of the steps on the right.</param>
    let ofForm form =
        Law.both
            32
            $"%s{form.Name} is its steps written out: equal values, ~ gradients, J·v and H·u, for 0 to 4 steps of any body"
            (judge form)

    /// The law for every kind of loop.
    let all =
        [ fold; scan; keeping 1; keeping 2; keeping 3; nested; recomputing ]
        |> List.map ofForm
