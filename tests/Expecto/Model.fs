namespace Expecto

open System

/// What a test does when it runs.
type TestCode =
    | Sync of (unit -> unit)
    | Async of Async<unit>

/// Whether a test runs, waits, or is the only one to run.
type FocusState =
    | Normal
    | Pending
    | Focused

/// How the tests of a sequenced group exclude others.
type SequenceMethod =
    | Synchronous
    | SynchronousGroup of string

/// A tree of tests, which is a value like any other.
type Test =
    | TestCase of code: TestCode * state: FocusState
    | TestList of tests: Test list * state: FocusState
    | TestLabel of label: string * test: Test * state: FocusState
    | Sequenced of sequenceMethod: SequenceMethod * test: Test

type ExpectoException(message: string) =
    inherit Exception(message)

/// An expectation that did not hold.
type AssertException(message: string) =
    inherit ExpectoException(message)

/// A test that failed by its own decision, or a property that was falsified.
type FailedException(message: string) =
    inherit ExpectoException(message)

/// A test that asked to be skipped.
type IgnoreException(message: string) =
    inherit ExpectoException(message)

/// Marks a top-level test to be found by the runner.
[<AttributeUsage(AttributeTargets.Method ||| AttributeTargets.Property ||| AttributeTargets.Field)>]
type TestsAttribute() =
    inherit Attribute()

/// Marks a top-level test that is skipped.
[<AttributeUsage(AttributeTargets.Method ||| AttributeTargets.Property ||| AttributeTargets.Field)>]
type PTestsAttribute() =
    inherit Attribute()

/// Marks a top-level test that runs while unfocused ones are skipped.
[<AttributeUsage(AttributeTargets.Method ||| AttributeTargets.Property ||| AttributeTargets.Field)>]
type FTestsAttribute() =
    inherit Attribute()

/// What is known of a property when its last case has run.
type FsCheckTestData =
    {
        NumberOfTests: int
        NumberOfShrinks: int
        Stamps: (int * string list) seq
        Labels: Set<string>
    }

/// How a property is checked.
type FsCheckConfig =
    {
        /// The number of cases.
        maxTest: int
        /// The number of cases that may be rejected by a precondition for each one that is kept.
        maxRejected: int
        /// The size of the first case.
        startSize: int
        /// The size of the last case; sizes grow linearly between the two.
        endSize: int
        quietOnSuccess: bool
        /// Seed, gamma and size of a case to run again, as a failure prints them.
        replay: (uint64 * uint64 * int option) option
        /// Types whose static members give generators.
        arbitrary: Type list
        receivedArgs: FsCheckConfig -> string -> int -> obj list -> Async<unit>
        successfulShrink: FsCheckConfig -> string -> obj list -> Async<unit>
        finishedTest: FsCheckConfig -> string -> FsCheckTestData -> Async<unit>
    }

    static member defaultConfig =
        {
            maxTest = 100
            maxRejected = 1000
            startSize = 1
            endSize = 100
            quietOnSuccess = true
            replay = None
            arbitrary = []
            receivedArgs = fun _ _ _ _ -> async.Return()
            successfulShrink = fun _ _ _ -> async.Return()
            finishedTest = fun _ _ _ -> async.Return()
        }
