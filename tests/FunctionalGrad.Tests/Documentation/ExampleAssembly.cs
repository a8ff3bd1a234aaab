using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FunctionalGrad.Tests.Documentation;

/// <summary>All examples, compiled once into one assembly: a method each.</summary>
internal static class ExampleAssembly
{
    private const string Prelude = """
        using System;
        using System.Collections.Generic;
        using System.Collections.Immutable;
        using System.Globalization;
        using System.Linq;
        using FunctionalGrad;
        using FunctionalGrad.Learning;

        """;

    private static readonly Lazy<(IReadOnlyList<Example> Examples, Assembly? Assembly, IReadOnlyDictionary<int, string> Errors)> Built = new(Build);

    public static IReadOnlyList<Example> Examples => Built.Value.Examples;

    /// <summary>Runs one example and returns its claims that do not hold; compile errors count among them.</summary>
    public static IReadOnlyList<string> Failures(int index)
    {
        var (_, assembly, errors) = Built.Value;
        if (errors.TryGetValue(index, out var error))
        {
            return [error];
        }

        Assert.NotNull(assembly);
        var failures = new List<string>();
        var method = assembly.GetType($"Example{index}")!.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
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
        var text = Convert.ToString(actual, System.Globalization.CultureInfo.InvariantCulture) ?? "null";
        if (claim != text && !claim.StartsWith(text + ": ", StringComparison.Ordinal))
        {
            failures.Add($"the documentation says {claim} where the code gives {text}");
        }
    }

    private static (IReadOnlyList<Example>, Assembly?, IReadOnlyDictionary<int, string>) Build()
    {
        var examples = Example.All.ToList();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var all = CSharpCompilation.Create("Examples", [], references, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var errors = new Dictionary<int, string>();
        for (var i = 0; i < examples.Count; i++)
        {
            var tree = CSharpSyntaxTree.ParseText(Source(i, examples[i]), new(LanguageVersion.Preview));
            var wrong = all.AddSyntaxTrees(tree).GetSemanticModel(tree).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            if (wrong.Count > 0)
            {
                errors[i] = $"does not compile: {string.Join("; ", wrong)}\n{tree}";
            }
            else
            {
                all = all.AddSyntaxTrees(tree);
            }
        }

        using var image = new MemoryStream();
        var emitted = all.Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        return (examples, Assembly.Load(image.ToArray()), errors);
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
