/// What the stand-in itself owes to the tests that are written over it.
module Expecto.StandInTests

open System.Text.RegularExpressions
open Expecto

let private messageOf test =
    match Discovery.flatten test with
    | [ { code = Sync code } ] ->
        try
            code ()
            ""
        with :? FailedException as failure ->
            failure.Message
    | _ -> failwith "expected one synchronous test"

// From a seed of its own: a random run can meet the least counter-example first, with nothing to shrink.
let private falsified replay =
    let config =
        { FsCheckConfig.defaultConfig with
            replay = replay
        }

    messageOf (testPropertyWithConfig config "short" (fun (numbers: int list) -> numbers.Length < 3))

let private statesOf test =
    Discovery.flatten test |> List.map (fun test -> test.name, test.state)

let private nothing () = ()

[<Tests>]
let standIn =
    testList
        "Expecto stand-in"
        [
            testCase "a falsified property prints its shrunk counter-example" (fun () ->
                let message = falsified (Some(2UL, 3UL, None))
                Expect.stringContains message "times to:\n\t[0; 0; 0]\n" "[0; 0; 0] is the least counter-example")

            testCase "the replay that a failure prints fails at once, on the same case" (fun () ->
                let parameters (message: string) =
                    message.Substring(message.IndexOf "Parameters").Split('\n')[1]

                let first = falsified (Some(2UL, 3UL, None))
                let printed = Regex.Match(first, @"\((\d+)UL, (\d+)UL, Some (\d+)\)")
                let number (group: int) = uint64 printed.Groups[group].Value
                let again = falsified (Some(number 1, number 2, Some(int (number 3))))
                Expect.stringStarts again "Failed after 1 test." "at once"
                Expect.equal (parameters again) (parameters first) "the same case")

            testCase "a property runs 100 cases" (fun () ->
                let mutable cases = 0

                let config =
                    { FsCheckConfig.defaultConfig with
                        receivedArgs = fun _ _ _ _ -> async { cases <- cases + 1 }
                    }

                messageOf (testPropertyWithConfig config "counted" (fun (_: int) -> true))
                |> ignore

                Expect.equal cases 100 "FsCheck's own default")

            testCase "a full name joins the labels" (fun () ->
                let tests = testList "outer" [ testList "inner" [ testCase "case" nothing ] ]
                Expect.equal (statesOf tests) [ "outer.inner.case", Normal ] "name")

            testCase "a pending list skips a focused case in it" (fun () ->
                let tests = ptestList "list" [ ftestCase "case" nothing ]
                Expect.equal (statesOf tests) [ "list.case", Pending ] "state")

            testCase "a focused list focuses its cases" (fun () ->
                let tests = ftestList "list" [ testCase "case" nothing ]
                Expect.equal (statesOf tests) [ "list.case", Focused ] "state")

            testTheory "close numbers are close" [ 1.0, 1.0; infinity, infinity; 0.0, 1e-11 ] (fun (a, b) ->
                Expect.floatClose Accuracy.high a b "close")

            testTheory "distant numbers are not" [ 1.0, 1.001; infinity, -infinity; nan, nan ] (fun (a, b) ->
                Expect.throwsT<AssertException> (fun () -> Expect.floatClose Accuracy.high a b "close") "distant")
        ]
