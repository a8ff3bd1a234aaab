namespace FunctionalGrad.Samples.GradBench;

/// <summary>The command line: it starts a session on standard input and output.</summary>
internal static class CommandLine
{
    private const string Help = """
        Speaks the protocol of GradBench (github.com/gradbench/gradbench) on standard input and output: one JSON message on a
        line, one JSON answer on a line.

          --multithreaded   large steps are shared among all cores; without it, one thread does everything
          --help            this text
        """;

    public static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case []:
                // What the library shares among cores goes by the current scheduler.
                Task.Factory.StartNew(
                    Serve, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).GetAwaiter().GetResult();
                return 0;
            case ["--multithreaded"]:
                Serve();
                return 0;
            case ["--help"]:
                Console.WriteLine(Help);
                return 0;
            default:
                Console.Error.WriteLine($"error: cannot make sense of {string.Join(' ', arguments)}");
                Console.Error.WriteLine(Help);
                return 1;
        }
    }

    private static void Serve()
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        new Session(Catalogue.Problems).Run(input, output);
    }
}
