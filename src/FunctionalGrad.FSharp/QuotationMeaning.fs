namespace FunctionalGrad.FSharp

open System
open System.Collections
open System.Runtime.CompilerServices
open System.Runtime.ExceptionServices
open System.Threading
open FunctionalGrad

/// What a part of a quotation stands for.
[<CustomEquality; NoComparison>]
type internal Meaning =
    /// A value that does not depend on the arguments.
    | Known of value: objnull
    /// A number that depends on the arguments.
    | Number of FunctionalGrad.Expr
    /// A truth value that depends on the arguments: 1 or 0.
    | Condition of FunctionalGrad.Expr
    /// A tuple or a record, its parts in order.
    | Parts of Meaning list
    /// An array or a list whose entries depend on the arguments.
    | Entries of Meaning array
    /// A function that is written in the quotation or that is read.
    | Function of (Meaning -> Meaning)

    override this.Equals(other: objnull) = Object.ReferenceEquals(this, other)
    override this.GetHashCode() = RuntimeHelpers.GetHashCode this

module internal Meaning =

    let nothing = Known null

    /// The number that a value of one of .NET's types of numbers is.
    let (|Numeral|_|) (value: objnull) =
        match value with
        | :? float
        | :? float32
        | :? int
        | :? int64
        | :? int16
        | :? byte
        | :? sbyte
        | :? uint32
        | :? uint64
        | :? uint16 -> Some(Convert.ToDouble value)
        | _ -> None

    /// The entries of an array, a list or a sequence.
    let (|Sequence|_|) meaning =
        match meaning with
        | Entries entries -> Some entries
        | Known(:? string) -> None
        | Known(:? IEnumerable as sequence) -> Some [| for entry in sequence -> Known entry |]
        | _ -> None

/// Recursion that goes on with a fresh stack where one is used up, so that only memory bounds how deep it goes.
module internal Depth =

    let private sizeOfStack = 64 * 1024 * 1024

    let onward (work: unit -> 'result) : 'result =
        if RuntimeHelpers.TryEnsureSufficientExecutionStack() then
            work ()
        else
            let outcome: Result<'result, ExceptionDispatchInfo> option ref = ref None

            let thread =
                Thread(
                    (fun () ->
                        outcome.Value <-
                            try
                                Some(Ok(work ()))
                            with problem ->
                                Some(Error(ExceptionDispatchInfo.Capture problem))),
                    sizeOfStack
                )

            thread.Start()
            thread.Join()

            match outcome.Value with
            | Some(Ok result) -> result
            | Some(Error problem) ->
                problem.Throw()
                raise problem.SourceException
            | None -> invalidOp "a thread ended without a result"
