using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FunctionalGrad.Samples;

/// <summary>What the command lines of the samples have in common.</summary>
internal static class Commands
{
    /// <summary>The exit code of a program that was interrupted by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>An option that takes a whole number between bounds, with an error that names them.</summary>
    public static Option<long> WholeNumber(string name, string description, long least, long most, long otherwise) => new(name)
    {
        Description = description,
        HelpName = "n",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => Parsed(result, name, least, most) ?? otherwise,
    };

    /// <summary>An option that takes a whole number between bounds and need not be given.</summary>
    public static Option<long?> WholeNumber(string name, string description, long least, long most) => new(name)
    {
        Description = description,
        HelpName = "n",
        CustomParser = result => Parsed(result, name, least, most),
    };

    /// <summary>
    /// Runs a command. What a user did wrong becomes one line on the error output and exit code 1; Ctrl-C becomes exit code
    /// 130.
    /// </summary>
    public static async Task<int> Run(
        RootCommand command, string[] args, Action<ParseResult, CancellationToken> action, TextWriter output, TextWriter error)
    {
        command.Does(action, error);
        var parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
            {
                error.WriteLine($"error: {problem.Message}");
            }

            error.WriteLine("Run with --help to see what can be given.");
            return 1;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    /// <summary>Says what a command does: the root command of a program, or one below it.</summary>
    public static void Does(this Command command, Action<ParseResult, CancellationToken> action, TextWriter error) =>
        // On another thread, so that Ctrl-C finds this one waiting for it.
        command.SetAction((parsed, cancellation) => Task.Run(() => Code(() => action(parsed, cancellation), error), CancellationToken.None));

    private static long? Parsed(ArgumentResult result, string name, long least, long most)
    {
        var text = result.Tokens[0].Value;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {text}: give a whole number from {least:N0} to {most:N0}"));
        return null;
    }

    private static int Code(Action action, TextWriter error)
    {
        try
        {
            action();
            return 0;
        }
        catch (UserErrorException problem)
        {
            error.WriteLine($"error: {problem.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }
}
