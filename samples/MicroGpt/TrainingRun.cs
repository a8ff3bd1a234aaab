using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>A whole run as the command line asks for it: training, saved on the way, and then the names.</summary>
internal sealed class TrainingRun
{
    /// <summary>How many names a trained model makes up.</summary>
    public const int SampledNames = 20;

    private readonly Request _request;
    private readonly Experiment _experiment;
    private readonly ImmutableSortedDictionary<string, string> _settings;

    // What this one run has come to: the last state, its model, and the losses of all steps.
    private readonly List<double> _losses;
    private TrainingState<double> _state;
    private NextLetter? _model;

    private TrainingRun(Request request, ImmutableArray<string> names)
    {
        _request = request;
        _settings = SavedRun.Settings(request, names);
        var (resumed, losses) = request.Saving is { Resume: true, File: var file } ? SavedRun.Resume(file, request.Stage, _settings) : (null, []);
        _losses = [.. losses];
        _experiment = Experiment.Begin(request.Stage, names, request.Steps, request.Seed, resumed);
        _state = _experiment.Start;
    }

    private NextLetter Model => _model ?? _request.Stage.ToModel()(_state.Point);

    public static void Run(Request request, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var names = request.Data is { } path ? NameList.Read(path) : NameList.Embedded();
        RequirePlaces(request);
        var run = new TrainingRun(request, names);
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
            WholeFile.Write(target, run._losses.Select((loss, step) => string.Create(CultureInfo.InvariantCulture, $"{step + 1},{loss:R}")));
        }

        report?.Closing([.. run._losses], run._state.Step - run._experiment.Start.Step, watch.Elapsed, request);
        run.Show(names, report, output, cancellation);
    }

    private static void RequirePlaces(Request request)
    {
        if (request.Losses is { } losses)
        {
            WholeFile.RequirePlaceFor(losses, "--losses");
        }

        if (request.Saving is not { } saving)
        {
            return;
        }

        WholeFile.RequirePlaceFor(saving.File, "--checkpoint");
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
            Follow(_ => { }, cancellation);
        }
        else
        {
            report.During(_request.Steps, follow => Follow(follow, cancellation));
        }
    }

    private void Follow(Action<Learned> follow, CancellationToken cancellation)
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

            follow(learned);
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
        var made = _experiment.Names(Model, new(_request.Temperature ?? _request.Stage.Temperature, _request.Stage.Longest))
            .Take(SampledNames)
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
            report.Names(SampledNames, made, [.. names]);
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
