using System.Globalization;
using System.Reflection;
using FunctionalGrad.Tests.Architecture;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FunctionalGrad.Tests.Documentation;

/// <summary>Examples, compiled together into one assembly: a method each.</summary>
internal sealed class ExampleAssembly
{
    private const string Prelude = """
        using System;
        using System.Collections.Generic;
        using System.Collections.Immutable;
        using System.Globalization;
        using System.Linq;
        using FunctionalGrad;
        using FunctionalGrad.Learning;
        using FunctionalGrad.Solvers;

        """;

    private readonly Assembly? _assembly;
    private readonly IReadOnlyDictionary<int, string> _errors;

    public ExampleAssembly(IReadOnlyList<Example> examples)
    {
        Examples = examples;
        var trees = examples.Select((example, i) => CSharpSyntaxTree.ParseText(Source(i, example), new(LanguageVersion.Preview), $"{i}")).ToList();
        var all = CSharpCompilation.Create(
            "Examples", trees, LibrarySymbols.References, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        _errors = all.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .GroupBy(diagnostic => int.Parse(diagnostic.Location.SourceTree!.FilePath, CultureInfo.InvariantCulture))
            .ToDictionary(group => group.Key, group => $"does not compile: {string.Join("; ", group)}\n{trees[group.Key]}");

        // One example that does not compile should not take the others with it.
        using var image = new MemoryStream();
        var emitted = all.RemoveSyntaxTrees(_errors.Keys.Select(i => trees[i])).Emit(image);
        _assembly = emitted.Success ? Assembly.Load(image.ToArray()) : throw new InvalidOperationException(string.Join('\n', emitted.Diagnostics));
    }

    public IReadOnlyList<Example> Examples { get; }

    /// <summary>Runs one example and returns its claims that do not hold; compile errors count among them.</summary>
    public IReadOnlyList<string> Failures(int index)
    {
        if (_errors.TryGetValue(index, out var error))
        {
            return [error];
        }

        var failures = Examples[index].Unclear().Select(line => $"a claim must stand on the line of its whole expression: {line}").ToList();
        var method = _assembly!.GetType($"Example{index}")!.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
        try
        {
            method.Invoke(null, [(Action<object?, string>)((actual, claim) => Compare(actual, claim, failures))]);
        }
        catch (TargetInvocationException invocation)
        {
            failures.Add(invocation.InnerException!.ToString());
        }

        return failures;
    }

    // The claim is the text, or the text followed by a colon and a remark.
    private static void Compare(object? actual, string claim, List<string> failures)
    {
        var text = Convert.ToString(actual, CultureInfo.InvariantCulture) ?? "null";
        if (claim != text && !claim.StartsWith(text + ": ", StringComparison.Ordinal))
        {
            failures.Add($"the documentation says {claim} where the code gives {text}");
        }
    }

    private static string Source(int index, Example example)
    {
        var directives = example.Lines.Where(line => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('='));
        var body = example.Checked().Except(directives);
        return $$"""
            {{Prelude}}{{string.Join("\n", directives)}}
            public static class Example{{index}}
            {
                public static void Run(Action<object?, string> check)
                {
                    void Check(object? actual, string claim) => check(actual, claim);
                    {{string.Join("\n        ", body)}}
                }
            }
            """;
    }
}
