using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace FunctionalGrad.Learning;

/// <summary>How a checkpoint is laid out in a set of tensors: the names, and what is the same for every precision.</summary>
internal static class CheckpointFormat
{
    public const string Parameter = "parameter/";
    public const string Gradient = "gradient/";
    public const string Record = "record/";
    public const string Loss = "loss";
    public const string Rate = "rate";
    public const string Words = "generator/words";
    public const string Kept = "generator/kept";

    // Keys of the text.
    public const string Step = "step";
    public const string Moments = "moments";
    public const string Position = "generator.position";
    private const string Format = "format";
    private const string Version = "functionalgrad checkpoint 1";
    private const string Digest = "sha256";
    private const string Run = "run.";

    /// <summary>The most moments of each parameter that a file may speak of.</summary>
    public const int MostMoments = 1000;

    public static string Moment(int k) => string.Create(CultureInfo.InvariantCulture, $"moment/{k}/");

    /// <summary>The tensors with the marks by which <see cref="Require"/> knows them.</summary>
    public static SafeTensors Sealed(SafeTensors tensors, IReadOnlyDictionary<string, string> run)
    {
        var marked = run.Aggregate(tensors.WithMetadata(Format, Version), (all, setting) => all.WithMetadata(Run + setting.Key, setting.Value));
        return marked.WithMetadata(Digest, DigestOf(marked));
    }

    /// <summary>Throws unless the tensors are a checkpoint that nobody changed.</summary>
    public static void Require(SafeTensors saved)
    {
        if (saved.Metadata.GetValueOrDefault(Format) is var format && format != Version)
        {
            throw new CheckpointException(
                $"{saved.Source} is no checkpoint that can be read here: its format is {(format is null ? "not given" : Quoted.Of(format))}, and should be “{Version}”; read its tensors with SafeTensors.Read, or use the version that wrote it");
        }

        var (written, actual) = (saved.Metadata.GetValueOrDefault(Digest), DigestOf(saved.WithoutMetadata(Digest)));
        if (written != actual)
        {
            throw new CheckpointException(
                $"{saved.Source} was changed after it was saved, or is damaged: its digest is {(written is null ? "not given" : Quoted.Of(written))}, and its content has “{actual}”; use another copy");
        }
    }

    public static ImmutableSortedDictionary<string, string> RunIn(SafeTensors saved) => saved.Metadata
        .Where(text => text.Key.StartsWith(Run, StringComparison.Ordinal))
        .ToImmutableSortedDictionary(text => text.Key[Run.Length..], text => text.Value, StringComparer.Ordinal);

    /// <summary>Throws unless both runs have the same settings with the same values.</summary>
    public static void RequireSameRun(string source, IReadOnlyDictionary<string, string> saved, IReadOnlyDictionary<string, string> wanted)
    {
        foreach (var setting in saved.Keys.Union(wanted.Keys).Order(StringComparer.Ordinal))
        {
            var (before, now) = (saved.GetValueOrDefault(setting), wanted.GetValueOrDefault(setting));
            if (before != now)
            {
                throw new CheckpointException(
                    $"{source} is of another run: there, {setting} is {Value(before)}, and here {Value(now)}; go on with the settings of that run, or start anew with another file");
            }
        }

        static string Value(string? value) => value is null ? "not given" : Quoted.Of(value);
    }

    public static void RequireDistinctNames(ReadOnlySpan<Variable> variables)
    {
        var seen = new Dictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            if (!seen.TryAdd(variable.Name, variable))
            {
                throw new ArgumentException(
                    $"checkpoint: two parameters are called {variable.Name}, of shape {seen[variable.Name].Shape} and {variable.Shape}; a file keeps them by name, so give each variable a name of its own");
            }
        }
    }

    /// <summary>A whole number in the text.</summary>
    public static int Number(SafeTensors saved, string key, int most) =>
        saved.Metadata.GetValueOrDefault(key) is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new CheckpointException(
                $"{saved.Source}: {key} is {(saved.Metadata.TryGetValue(key, out var given) ? Quoted.Of(given) : "not given")}; it should be a whole number from 0 to {most}");

    private static string DigestOf(SafeTensors tensors)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            tensors.Write(stream);
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }
}
