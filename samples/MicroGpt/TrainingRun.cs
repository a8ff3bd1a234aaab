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
    // How long steps are made without a look at them: too short to be seen on a screen.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly Request _request;
    private readonly IStage<T> _stage;
    private readonly Experiment<T> _experiment;
    private readonly ImmutableSortedDictionary<string, string> _settings;

    // What this one run has come to: the last state, its model, and the losses of all steps.
    private readonly List<double> _losses;
    private readonly CancellationToken _cancellation;
    private readonly Stopwatch _sinceLook = Stopwatch.StartNew();
    private TrainingState<T> _state;
    private NextLetter? _model;

    private TrainingRun(Request request, IStage<T> stage, ImmutableArray<string> names, CancellationToken cancellation)
    {
        (_request, _stage, _cancellation) = (request, stage, cancellation);
        _settings = SavedRun.Settings(request, names);
        var (resumed, losses) = request.Saving is { Resume: true, File: var file } ? SavedRun.Resume<T>(file, stage, _settings) : (null, []);
        _losses = [.. losses];
        _experiment = Experiment.Begin(stage, names, request.Steps, request.Seed, resumed, request.Batch, request.Workers, IsToPause);
        _state = _experiment.Start;
    }

    private NextLetter Model => _model ?? _stage.ToModel()(_state.Point);

    public static void Run(Request request, IStage<T> stage, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var names = request.Data is { } path ? NameList.Read(path) : NameList.Embedded();
        RequirePlaces(request);
        var run = new TrainingRun<T>(request, stage, names, cancellation);
        var report = request.Quiet ? null : new Report(Screen.Over(output));
        report?.Opening(request, names.Length, run._state.Step);

        var watch = Stopwatch.StartNew();
        try
        {
            run.Train(report);
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
        run.Show(names, report, output);
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

    private void Train(Report? report)
    {
        // What cannot be saved is known before anything is learned.
        if (_state.Step == 0)
        {
            Save();
        }

        if (report is null)
        {
            Follow((_, _) => { });
        }
        else
        {
            report.During(_request.Steps, Follow);
        }
    }

    // What is computed is the same wherever there are pauses.
    private bool IsToPause(int step) => IsToSave(step) || _cancellation.IsCancellationRequested || _sinceLook.Elapsed > Glance;

    private bool IsToSave(int step) => step == _request.Steps || step % (_request.Saving?.Every ?? _request.Steps) == 0;

    private void Follow(Action<int, double> follow)
    {
        foreach (var learned in _experiment.Training)
        {
            // The steps are kept even then, since they are made.
            var before = _state.Step;
            (_state, _model) = (learned.State, learned.Model);
            _losses.AddRange(learned.Losses);
            if (IsToSave(_state.Step))
            {
                Save();
            }

            for (var i = 0; i < learned.Losses.Length; i++)
            {
                follow(before + i + 1, learned.Losses[i]);
            }

            _cancellation.ThrowIfCancellationRequested();
            _sinceLook.Restart();
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

    private void Show(ImmutableArray<string> names, Report? report, TextWriter output)
    {
        var made = _experiment.Names(Model, new(_request.Temperature ?? _stage.Temperature, _stage.Longest))
            .Take(TrainingRun.SampledNames)
            .TakeWhile(_ => !_cancellation.IsCancellationRequested);
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

        _cancellation.ThrowIfCancellationRequested();
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
