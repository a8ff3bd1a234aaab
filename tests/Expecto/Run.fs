namespace Expecto

open System
open System.Reflection
open System.Threading.Tasks
open Microsoft.Testing.Platform.Builder
open Microsoft.Testing.Platform.Capabilities.TestFramework
open Microsoft.Testing.Platform.Extensions.CommandLine

/// The entry of a test program.
module Run =

    /// Runs the tests of an assembly on Microsoft.Testing.Platform, as the arguments ask; the result is the exit code.
    let assembly (tests: Assembly) (arguments: string[]) : Task<int> =
        task {
            let! builder = TestApplication.CreateBuilderAsync arguments
            builder.CommandLine.AddProvider(Func<ICommandLineOptionsProvider>(fun () -> NameFilter()))

            builder.RegisterTestFramework(
                (fun _ -> TestFrameworkCapabilities()),
                (fun _ services -> Platform(Discovery.inAssembly tests, services))
            )
            |> ignore

            use! application = builder.BuildAsync()
            return! application.RunAsync()
        }
