using System.Diagnostics;
using FunctionalGrad.Tests.Architecture;
using Xunit;

namespace FunctionalGrad.GuideTests;

/// <summary>The exercises run as a teacher runs them, and hold.</summary>
public sealed class ExerciseTests
{
    [Theory]
    [InlineData("run", "exercises.cs")]
    [InlineData("fsi", "exercises.fsx")]
    public async Task The_exercises_hold(string command, string file)
    {
        var start = new ProcessStartInfo("dotnet", [command, Repository.At("samples", "Guide", "Exercises", file)])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the test runner sets for itself is no business of the program.
        start.Environment.Remove("MSBuildExtensionsPath");
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{await output}\n{await error}");
        Assert.EndsWith("8 of 8 hold", (await output).TrimEnd());
        Assert.DoesNotContain("fails", await output);
    }
}
