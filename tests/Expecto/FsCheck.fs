namespace Expecto

open FsCheck

/// Properties as tests: a failure shows the case, the case that it was shrunk to, and how to run it again.
[<AutoOpen>]
module ExpectoFsCheck =

    let private show (arguments: obj list) =
        arguments |> List.map (sprintf "%A") |> String.concat " "

    let private describe (outcome: Outcome) =
        match outcome with
        | Outcome.Failed error -> string error
        | other -> string other

    let private report test name (data: TestData) original shrunk outcome (seed: Rnd) size =
        let shrunkTo =
            if data.NumberOfShrinks = 0 then
                ""
            else
                $"Shrunk %d{data.NumberOfShrinks} times to:\n\t%s{show shrunk}\n"

        let labels =
            if data.Labels.Count = 0 then
                ""
            else
                sprintf "Labels of the failing property: %s\n" (String.concat ", " data.Labels)

        let cases = if data.NumberOfTests = 1 then "test" else "tests"

        $"Failed after %d{data.NumberOfTests} %s{cases}. Parameters:\n\t%s{show original}\n%s{shrunkTo}"
        + $"Result:\n\t%s{describe outcome}\n%s{labels}"
        + $"Focus on error:\n\t%s{test} (%d{seed.Seed}UL, %d{seed.Gamma}UL, Some %d{size}) \"%s{name}\""

    let private runner test name (config: FsCheckConfig) =
        { new IRunner with
            member _.OnStartFixture _ = ()

            member _.OnArguments(number, arguments, _) =
                config.receivedArgs config name number arguments |> Async.RunSynchronously

            member _.OnShrink(arguments, _) =
                config.successfulShrink config name arguments |> Async.RunSynchronously

            member _.OnFinished(_, result) =
                let data =
                    match result with
                    | TestResult.Passed(data, _)
                    | TestResult.Exhausted data
                    | TestResult.Failed(data, _, _, _, _, _, _) -> data

                config.finishedTest
                    config
                    name
                    {
                        NumberOfTests = data.NumberOfTests
                        NumberOfShrinks = data.NumberOfShrinks
                        Stamps = data.Stamps
                        Labels = Set.ofSeq data.Labels
                    }
                |> Async.RunSynchronously

                match result with
                | TestResult.Passed _ -> ()
                | TestResult.Exhausted data ->
                    raise (
                        FailedException $"Exhausted after %d{data.NumberOfTests} tests: too many cases were rejected."
                    )
                | TestResult.Failed(_, _, _, Outcome.Failed(:? IgnoreException as skip), _, _, _) -> raise skip
                | TestResult.Failed(data, original, shrunk, outcome, _, seed, size) ->
                    raise (FailedException(report test name data original shrunk outcome seed size))
        }

    let private property test state (config: FsCheckConfig) name (property: 'testable) =
        let replay =
            config.replay
            |> Option.map (fun (seed, gamma, size) -> { Rnd = Rnd(seed, gamma); Size = size })

        let check () =
            let settings =
                Config.Default
                    .WithName(name)
                    .WithMaxTest(config.maxTest)
                    .WithMaxRejected(config.maxRejected)
                    .WithStartSize(config.startSize)
                    .WithEndSize(config.endSize)
                    .WithQuietOnSuccess(config.quietOnSuccess)
                    .WithArbitrary(config.arbitrary)
                    .WithReplay(replay)
                    .WithRunner(runner test name config)

            Check.One(settings, property)

        TestLabel(name, TestCase(Sync check, state), state)

    let private replaying stdGen config = { config with replay = Some stdGen }

    let testPropertyWithConfig config name =
        property "etestPropertyWithConfig" Normal config name

    let ptestPropertyWithConfig config name =
        property "etestPropertyWithConfig" Pending config name

    let ftestPropertyWithConfig config name =
        property "etestPropertyWithConfig" Focused config name

    let etestPropertyWithConfig stdGen config name =
        property "etestPropertyWithConfig" Focused (replaying stdGen config) name

    let testPropertyWithConfigStdGen stdGen config name =
        property "testPropertyWithConfigStdGen" Normal (replaying stdGen config) name

    let testProperty name =
        property "etestProperty" Normal FsCheckConfig.defaultConfig name

    let ptestProperty name =
        property "etestProperty" Pending FsCheckConfig.defaultConfig name

    let ftestProperty name =
        property "etestProperty" Focused FsCheckConfig.defaultConfig name

    let etestProperty stdGen name =
        property "etestProperty" Focused (replaying stdGen FsCheckConfig.defaultConfig) name
