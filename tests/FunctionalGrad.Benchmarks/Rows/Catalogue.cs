using System.Collections.Immutable;

namespace FunctionalGrad.Benchmarks;

/// <summary>The rows by name. A new one is a class of its own and a line here.</summary>
internal static class Catalogue
{
    public static ImmutableArray<Row> ScalarFunctions { get; } =
    [
        new("Rosenbrock 5, slices", () => new Rosenbrock(5, scalars: false)),
        new("Rosenbrock 5, scalars", () => new Rosenbrock(5, scalars: true)),
        new("Rosenbrock 50, slices", () => new Rosenbrock(50, scalars: false)),
        new("Rosenbrock 50, scalars", () => new Rosenbrock(50, scalars: true)),
        new("Rosenbrock 500, slices", () => new Rosenbrock(500, scalars: false)),
        new("Rosenbrock 500, scalars", () => new Rosenbrock(500, scalars: true)),
        new("Rosenbrock 5 × 10,000", () => new RosenbrockAtManyPoints(5)),
        new("Rosenbrock 50 × 10,000", () => new RosenbrockAtManyPoints(50)),
        new("Rosenbrock 500 × 10,000", () => new RosenbrockAtManyPoints(500)),
    ];

    public static ImmutableArray<Row> Models { get; } =
    [
        new("log-sum-exp 1,000", () => new LogSumExp(1_000)),
        new("log-sum-exp 1,000,000", () => new LogSumExp(1_000_000)),
    ];

    public static IEnumerable<Row> All => [.. ScalarFunctions, .. Models];

    public static IComparison Make(string name) => All.Single(row => row.Name == name).Make();
}
