using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>A whole run as the command line asks for it: training, saved on the way, and then the names.</summary>
internal sealed class TrainingRun<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Request _request;
    private readonly IStage<T> _stage;
    private readonly Experiment<T> _experiment;
    private readonly ImmutableSortedDictionary<string, string> _settings;

    // What this one run has come to: the last state, its model, and the losses of all steps.
    private readonly List<double> _losses;
    private TrainingState<T> _state;
    private NextLetter? _model;

    private TrainingRun(Request request, IStage<T> stage, ImmutableArray<string> names)
    {
        (_request, _stage) = (request, stage);
        _settings = SavedRun.Settings(request, names);
        var (resumed, losses) = request.Saving is { Resume: true, File: var file } ? SavedRun.Resume<T>(file, stage, _settings) : (null, []);
        _losses = [.. losses];
        _experiment = Experiment.Begin(stage, names, request.Steps, request.Seed, resumed, request.Batch, request.Workers);
        _state = _experiment.Start;
    }

    private NextLetter Model => _model ?? _stage.ToModel()(_state.Point);

    public static void Run(Request request, IStage<T> stage, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var names = request.Data is { } path ? NameList.Read(path) : NameList.Embedded();
        RequirePlaces(request);
        var run = new TrainingRun<T>(request, stage, names);
        var report = request.Quiet ? null : new Report(Screen.Over(output));
        report?.Opening(request, names.Length, run._state.Step);

        var watch = Stopwatch.StartNew();
        try
        {
            run.Train(report, cancellation);
        }
        catch (OperationCanceledException)
        {
            run.Save();
            error.WriteLine(run.Stopped());
            throw;
        }

        watch.Stop();
        if (request.Losses is { } target)
        {
            OutputFile.Write(target, run._losses.Select((loss, step) => string.Create(CultureInfo.InvariantCulture, $"{step + 1},{loss:R}")));
        }

        report?.Closing([.. run._losses], run._state.Step - run._experiment.Start.Step, watch.Elapsed, request);
        run.Show(names, report, output, cancellation);
    }

    private static void RequirePlaces(Request request)
    {
        if (request.Losses is { } losses)
        {
            OutputFile.RequirePlaceFor(losses, "--losses");
        }

        if (request.Saving is not { } saving)
        {
            return;
        }

        OutputFile.RequirePlaceFor(saving.File, "--checkpoint");
        if (request.Losses is { } other && Path.GetFullPath(other) == Path.GetFullPath(saving.File))
        {
            throw new UserErrorException($"--losses and --checkpoint both name {saving.File}; name two files");
        }

        if (!saving.Resume && File.Exists(saving.File))
        {
            throw new UserErrorException(
                $"--checkpoint {saving.File}: the file is there already; give --resume to go on with the run that is saved in it, or name another file");
        }
    }

    private void Train(Report? report, CancellationToken cancellation)
    {
        // What cannot be saved is known before anything is learned.
        if (_state.Step == 0)
        {
            Save();
        }

        if (report is null)
        {
            Follow((_, _) => { }, cancellation);
        }
        else
        {
            report.During(_request.Steps, follow => Follow(follow, cancellation));
        }
    }

    private void Follow(Action<int, double> follow, CancellationToken cancellation)
    {
        foreach (var learned in _experiment.Training)
        {
            // The step is kept even then, since it is made.
            (_state, _model) = (learned.State, learned.Model);
            _losses.Add(learned.Loss);
            if (_state.Step == _request.Steps || _state.Step % (_request.Saving?.Every ?? _request.Steps) == 0)
            {
                Save();
            }

            follow(learned.Step, learned.Loss);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void Save()
    {
        if (_request.Saving is { File: var file })
        {
            SavedRun.Save(file, _state, _losses, _experiment.Generator, _settings);
        }
    }

    private string Stopped()
    {
        var steps = string.Create(CultureInfo.InvariantCulture, $"Stopped after {_state.Step:N0} of {_request.Steps:N0} steps.");
        return _request.Saving is { File: var file } ? $"{steps} They are saved in {file}: give --resume to go on."
            : _request.Losses is null ? steps
            : $"{steps} No losses were written.";
    }

    private void Show(ImmutableArray<string> names, Report? report, TextWriter output, CancellationToken cancellation)
    {
        var made = _experiment.Names(Model, new(_request.Temperature ?? _stage.Temperature, _stage.Longest))
            .Take(TrainingRun.SampledNames)
            .TakeWhile(_ => !cancellation.IsCancellationRequested);
        if (report is null)
        {
            foreach (var name in made)
            {
                output.WriteLine(name);
            }
        }
        else
        {
            report.Names(TrainingRun.SampledNames, made, [.. names]);
        }

        cancellation.ThrowIfCancellationRequested();
    }
}

/// <summary>Runs in the precision that is asked for.</summary>
internal static class TrainingRun
{
    /// <summary>How many names a trained model makes up.</summary>
    public const int SampledNames = 20;

    public static void Run(Request request, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (request.Single)
        {
            TrainingRun<float>.Run(request, In<float>(request.Stage), output, error, cancellation);
        }
        else
        {
            TrainingRun<double>.Run(request, In<double>(request.Stage), output, error, cancellation);
        }
    }

    /// <summary>A stage in a precision.</summary>
    /// <exception cref="UserErrorException">The stage does not learn in it.</exception>
    public static IStage<T> In<T>(IStage stage)
        where T : struct, IBinaryFloatingPointIeee754<T> => stage as IStage<T> ?? throw new UserErrorException(
        $"the stage {stage.Name} learns in double precision alone; leave out --precision, or choose --stage {string.Join(", ", Stages.All.OfType<IStage<T>>().Select(known => known.Name))}");
}
