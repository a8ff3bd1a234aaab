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
        new("arm 5, vector", () => new KinematicArm(5, scalars: false)),
        new("arm 5, scalars", () => new KinematicArm(5, scalars: true)),
        new("arm 50, vector", () => new KinematicArm(50, scalars: false)),
        new("arm 50, scalars", () => new KinematicArm(50, scalars: true)),
        new("arm 5 × 10,000", () => new KinematicArmAtManyPoints(5)),
        new("arm 50 × 10,000", () => new KinematicArmAtManyPoints(50)),
        new("option", () => new OptionPrice()),
        new("sine, plain delegate", PlainFunctions.Sine),
        new("Rosenbrock 5, plain delegate", PlainFunctions.Rosenbrock),
        new("option, plain delegate", PlainFunctions.Option),
        new("Rosenbrock 5, delegate of an array", () => PlainFunctions.Rosenbrock(5)),
        new("Rosenbrock 50, delegate of an array", () => PlainFunctions.Rosenbrock(50)),
        new("arm 5, delegate of an array", () => PlainFunctions.Arm(5)),
        new("arm 50, delegate of an array", () => PlainFunctions.Arm(50)),
        new("option × 10,000", () => new OptionPriceAtManyPoints()),
    ];

    public static ImmutableArray<Row> Models { get; } =
    [
        new("log-sum-exp 1,000", () => new LogSumExp(1_000)),
        new("log-sum-exp 1,000,000", () => new LogSumExp(1_000_000)),
        new("logistic regression", () => new LogisticRegression(10_000, 20)),
        new("Gaussian mixture", () => new GaussianMixture(1_000, 20, 25)),
        new("k-means", () => new KMeans(10_000, 10, 10)),
        new("two-layer net 16", () => new TwoLayerNet(32, 16)),
        new("two-layer net 512", () => new TwoLayerNet(32, 512)),
        new("LSTM step 128", () => new LstmStep(128)),
        new("LSTM step 512", () => new LstmStep(512)),
    ];

    public static ImmutableArray<Row> Products { get; } =
    [
        .. MatrixProduct.Sizes.Select(size => new Row($"matrix product {size:N0}", () => new MatrixProduct(size))),
    ];

    public static ImmutableArray<Row> TrainingSteps { get; } =
    [
        new("moons step, double", () => new MoonsStep<double>()),
        new("moons step, single", () => new MoonsStep<float>()),
        new("microgpt step, double", () => new GptStep<double>()),
        new("microgpt step, single", () => new GptStep<float>()),
        new("microgpt 1,000 names, double", () => new GptTraining<double>()),
        new("microgpt 1,000 names, single", () => new GptTraining<float>()),
    ];

    public static ImmutableArray<Row> GradBench { get; } =
    [
        new("GradBench llsq 16,392", () => new LeastSquaresByHand(16_392, 128)),
        new("GradBench det 8", () => new DeterminantByHand(8)),
        new("GradBench ode 300, 100 steps", () => new DifferentialEquationByHand(300, 100)),
        new("GradBench lstm 2, 1,024", () => new LstmByHand(2, 1_024)),
        new("GradBench ba 31,843", () => new BundleAdjustmentByHand(49, 7_776, 31_843)),
        new("GradBench ht 544", () => new HandTrackingByHand(544, 100)),
        new("GradBench particle", () => new ParticleByHand()),
        new("GradBench saddle", () => new SaddleByHand()),
    ];

    public static ImmutableArray<Row> LargeGraphs { get; } =
    [
        new("graph of 1,000 nodes", () => new EulerSteps(1_000)),
        new("graph of 10,000 nodes", () => new EulerSteps(10_000)),
        new("graph of 100,000 nodes", () => new EulerSteps(100_000)),
        new("graph of 1,000,000 nodes", () => new EulerSteps(1_000_000)),
    ];

    public static ImmutableArray<Row> Loops { get; } =
    [
        .. LoopSteps.Lengths.SelectMany(steps => LoopSteps.Forms.Select(form => new Row($"loop of {steps:N0} steps, {form}", () => new LoopSteps(steps, form)))),
    ];

    public static IEnumerable<Row> All => [.. ScalarFunctions, .. Models, .. Products, .. TrainingSteps, .. GradBench, .. LargeGraphs, .. Loops];

    public static Row Named(string name) => All.Single(row => row.Name == name);
}
