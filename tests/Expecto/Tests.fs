namespace Expecto

open System.Threading.Tasks

/// Builds tests; the prefix `p` (pending) skips one, `f` (focused) skips the others.
[<AutoOpen>]
module Tests =

    let private case state name code =
        TestLabel(name, TestCase(code, state), state)

    let private theory state name (cases: seq<'case>) (test: 'case -> unit) =
        let each =
            [
                for item in cases -> TestLabel($"%A{item}", TestCase(Sync(fun () -> test item), state), state)
            ]

        TestLabel(name, TestList(each, state), state)

    let failtest message = raise (AssertException message)
    let failtestf format = Printf.ksprintf failtest format
    let skiptest message = raise (IgnoreException message)
    let skiptestf format = Printf.ksprintf skiptest format

    let testCase name (test: unit -> unit) = case Normal name (Sync test)
    let ptestCase name (test: unit -> unit) = case Pending name (Sync test)
    let ftestCase name (test: unit -> unit) = case Focused name (Sync test)

    let testCaseAsync name test = case Normal name (Async test)
    let ptestCaseAsync name test = case Pending name (Async test)
    let ftestCaseAsync name test = case Focused name (Async test)

    let testCaseTask name (test: unit -> Task<unit>) =
        case Normal name (Async(async.Delay(fun () -> Async.AwaitTask(test ()))))

    let testList name tests =
        TestLabel(name, TestList(tests, Normal), Normal)

    let ptestList name tests =
        TestLabel(name, TestList(tests, Pending), Pending)

    let ftestList name tests =
        TestLabel(name, TestList(tests, Focused), Focused)

    let testLabel label test = TestLabel(label, test, Normal)

    /// One test for each case, named after it.
    let testTheory name cases test = theory Normal name cases test

    let ptestTheory name cases test = theory Pending name cases test
    let ftestTheory name cases test = theory Focused name cases test

    /// Tests that take one argument, which is made afresh for each.
    let testParam argument tests =
        Seq.map (fun (name, partialTest) -> testCase name (partialTest argument)) tests

    /// Tests that share a set-up, which wraps each of them.
    let testFixture setup tests =
        Seq.map (fun (name, partialTest) -> testCase name (setup partialTest)) tests

    /// Runs after all tests that are not sequenced, one test at a time.
    let testSequenced test = Sequenced(Synchronous, test)

    let testSequencedGroup name test = Sequenced(SynchronousGroup name, test)
