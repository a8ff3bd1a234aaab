namespace Expecto

open System
open System.Collections.Generic
open System.Diagnostics
open System.Threading
open System.Threading.Tasks
open Microsoft.Testing.Platform.CommandLine
open Microsoft.Testing.Platform.Extensions
open Microsoft.Testing.Platform.Extensions.CommandLine
open Microsoft.Testing.Platform.Extensions.Messages
open Microsoft.Testing.Platform.Extensions.TestFramework
open Microsoft.Testing.Platform.Requests
open Microsoft.Testing.Platform.Services

/// The option of Expecto's command line that picks tests by a part of their full name.
type NameFilter() =
    static member Option = "filter-test-case"

    interface ICommandLineOptionsProvider with
        member _.Uid = "Expecto.NameFilter"
        member _.Version = "1.0.0"
        member _.DisplayName = "Expecto"
        member _.Description = "Picks tests by name"
        member _.IsEnabledAsync() = Task.FromResult true

        member _.GetCommandLineOptions() =
            [|
                CommandLineOption(
                    NameFilter.Option,
                    "Run only tests whose full name contains this text",
                    ArgumentArity.ExactlyOne,
                    false
                )
            |]

        member _.ValidateOptionArgumentsAsync(_, _) = ValidationResult.ValidTask
        member _.ValidateCommandLineOptionsAsync _ = ValidationResult.ValidTask

/// Runs tests for Microsoft.Testing.Platform, each reported under its full name.
type Platform(tests: FlatTest list, services: IServiceProvider) as this =

    let selected (request: TestExecutionRequest) =
        let byName =
            match services.GetCommandLineOptions().TryGetOptionArgumentList NameFilter.Option with
            | true, NonNull parts ->
                fun (test: FlatTest) -> parts |> Array.forall (fun (part: string) -> test.name.Contains part)
            | _ -> fun _ -> true

        let byUid =
            match request.Filter with
            | :? TestNodeUidListFilter as filter ->
                let names = HashSet(filter.TestNodeUids |> Seq.map _.Value)
                fun (test: FlatTest) -> names.Contains test.name
            | _ -> fun _ -> true

        tests |> List.filter (fun test -> byName test && byUid test)

    let publish (context: ExecuteRequestContext) (test: FlatTest) (properties: IProperty list) =
        let node =
            TestNode(
                Uid = TestNodeUid test.name,
                DisplayName = test.name,
                Properties = PropertyBag(List.toArray properties)
            )

        context.MessageBus.PublishAsync(this, TestNodeUpdateMessage(context.Request.Session.SessionUid, node))

    let outcome (test: FlatTest) (cancellation: CancellationToken) =
        task {
            try
                match test.code with
                | Sync code -> code ()
                | Async code -> do! Async.StartAsTask(code, cancellationToken = cancellation)

                return PassedTestNodeStateProperty.CachedInstance :> IProperty
            with
            | :? IgnoreException as skip -> return SkippedTestNodeStateProperty skip.Message
            | :? ExpectoException as failure -> return FailedTestNodeStateProperty failure
            | error -> return ErrorTestNodeStateProperty error
        }

    let run (context: ExecuteRequestContext) test =
        task {
            do! publish context test [ InProgressTestNodeStateProperty.CachedInstance ]
            let start = DateTimeOffset.UtcNow
            let watch = Stopwatch.StartNew()
            let! state = outcome test context.CancellationToken

            let timing = TimingProperty(TimingInfo(start, start + watch.Elapsed, watch.Elapsed))

            do! publish context test [ state; timing ]
        }

    let runAll (context: ExecuteRequestContext) tests =
        task {
            let focused = tests |> List.exists (fun test -> test.state = Focused)

            let runs (test: FlatTest) =
                test.state = Focused || (test.state = Normal && not focused)

            let running, skipped = tests |> List.partition runs

            for test in skipped do
                do! publish context test [ SkippedTestNodeStateProperty $"%A{test.state}" ]

            let sequenced, parallel' = running |> List.partition _.sequenced

            do!
                Parallel.ForEachAsync(
                    parallel',
                    context.CancellationToken,
                    // A test may block for long: without Task.Run the first ones would run on this very thread.
                    Func<_, _, _>(fun test _ -> ValueTask(Task.Run(fun () -> run context test :> Task)))
                )

            for test in sequenced do
                do! run context test
        }

    interface IExtension with
        member _.Uid = "Expecto"
        member _.Version = "1.0.0"
        member _.DisplayName = "Expecto (stand-in)"
        member _.Description = "Expecto's vocabulary on Microsoft.Testing.Platform"
        member _.IsEnabledAsync() = Task.FromResult true

    interface IDataProducer with
        member _.DataTypesProduced = [| typeof<TestNodeUpdateMessage> |]

    interface ITestFramework with
        member _.CreateTestSessionAsync _ =
            Task.FromResult(CreateTestSessionResult(IsSuccess = true))

        member _.CloseTestSessionAsync _ =
            Task.FromResult(CloseTestSessionResult(IsSuccess = true))

        member _.ExecuteRequestAsync context =
            task {
                try
                    match context.Request with
                    | :? DiscoverTestExecutionRequest as request ->
                        for test in selected request do
                            do! publish context test [ DiscoveredTestNodeStateProperty.CachedInstance ]
                    | :? RunTestExecutionRequest as request -> do! runAll context (selected request)
                    | _ -> ()
                finally
                    context.Complete()
            }
