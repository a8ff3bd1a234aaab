using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using Xunit;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>
/// Compiled programs at every width of vector registers, whatever the machine has: the runtime takes the widths that it may
/// use from its environment when it starts, so each width is a process that runs some of these tests anew.
/// </summary>
public sealed class RegisterWidthTests
{
    // Set for the processes started here, and never by anyone else.
    private const string Inner = "FUNCTIONALGRAD_REGISTERS";

    private static readonly string[] Quick =
    [
        $"*.{nameof(RegisterWidthTests)}", $"*.{nameof(CompiledLoopTests)}", $"*.{nameof(CompiledKinkTests)}", $"*.{nameof(CompiledFoldTests)}",
        $"*.{nameof(CompiledCopyTests)}", $"*.{nameof(CompiledCallTests)}", $"*.{nameof(CompiledSumTests)}", $"*.{nameof(LaneFunctionTests)}",
        $"*.{nameof(CompiledPrimitiveTests)}", $"*.{nameof(CompiledFewTests)}",
    ];

    [Theory]
    [InlineData("EnableAVX512", 256)]
    [InlineData("EnableAVX2", 128)]
    [InlineData("EnableHWIntrinsic", 0)]
    public async Task Tests_pass_where_a_process_has_narrower_registers(string disabled, int bits)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Inner) is not null, "this is one of the processes");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(RegisterWidthTests).Assembly.Location, "--no-progress", "--filter-class", .. Quick])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[$"DOTNET_{disabled}"] = "0";
        start.Environment[Inner] = $"{bits}";
        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, $"with DOTNET_{disabled}=0 the tests end with {process.ExitCode}\n{output}\n{await error}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void A_process_has_the_registers_that_it_was_started_with()
    {
        var most = Environment.GetEnvironmentVariable(Inner);
        Assert.SkipWhen(most is null, "only the processes started here know what they should have");
        var widest = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        Assert.InRange(widest, 0, int.Parse(most, CultureInfo.InvariantCulture));
    }
}
