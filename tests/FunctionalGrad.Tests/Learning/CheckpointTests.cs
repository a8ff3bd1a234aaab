using System.Collections.Immutable;
using System.Security.Cryptography;
using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class CheckpointTests : IDisposable
{
    private static readonly Variable W = Expr.Variable("w", [3]);
    private static readonly Variable B = Expr.Variable("b");
    private static readonly Variable X = Expr.Variable("x", [3]);
    private static readonly Expr Output = (Expr.Tanh(W * X).Sum() + B - 1).Square() + (0.1 * W.Square().Sum());

    private readonly string _folder = Directory.CreateTempSubdirectory("functionalgrad").FullName;

    public static TheoryData<string> Optimisers => ["gradient descent", "momentum", "Adam", "AdamW, clipped"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Optimisers))]
    public void Training_goes_on_from_any_step_as_if_it_had_never_stopped(string optimiser)
    {
        GoesOn<double>(Named(optimiser));
        GoesOn<float>(Named(optimiser));
    }

    [Fact]
    public void Every_part_survives_bit_for_bit()
    {
        var generator = MersenneTwister.FromSeed(42).Repeat(1001, g => g.Gauss()).Next;
        var odd = Tensor.Of(-0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7ff0000000000001));
        var state = new TrainingState<double>(
            7,
            Point.Of((W, odd), (B, -0.0)),
            [GradientMap<Tensor<double>>.Of((W, odd)), GradientMap<Tensor<double>>.Zero],
            BitConverter.Int64BitsToDouble(-5),
            GradientMap<Tensor<double>>.Of((B, double.NegativeInfinity)),
            double.Epsilon);
        var saved = Checkpoint.Of(state).WithGenerator(generator).WithRun("seed", "42").WithRun(new Dictionary<string, string> { ["data"] = "ünïcode", ["seed"] = "43" })
            .WithRecord("losses", odd).WithRecord("", Tensor.Of<double>([0, 2], []));
        var path = At("run");
        saved.Save(path);
        var loaded = Checkpoint<double>.Load(path, [W, B]);
        Assert.Equal(saved.ToSafeTensors(), loaded.ToSafeTensors());
        Assert.Equal(File.ReadAllBytes(path), loaded.ToSafeTensors().ToBytes());
        Assert.Equal(state, loaded.State);
        Assert.True(odd.BitEquals(loaded.State.Point[W]) && odd.BitEquals(loaded.State.Moments[0][W]) && odd.BitEquals(loaded.Records["losses"]));
        Assert.Equal(generator, loaded.Generator);
        Assert.Equal(generator.Repeat(10, g => g.Gauss()).Values, loaded.Generator!.Repeat(10, g => g.Gauss()).Values);
        Assert.Equal([new("data", "ünïcode"), new("seed", "43")], loaded.Run);
        Assert.Equal(loaded.Run, Checkpoint.RunOf(SafeTensors.Read(path)));
    }

    [Fact]
    public void A_start_survives_and_so_does_a_run_of_nothing()
    {
        var start = TrainingState<float>.Start(Point.Of((W, Tensor.Of(1f, 2f, 3f))));
        Assert.Equal(start, Checkpoint<float>.From(Checkpoint.Of(start).ToSafeTensors(), [W]).State);
        var nothing = TrainingState<double>.Start(Point<double>.Empty);
        var restored = Checkpoint<double>.From(Checkpoint.Of(nothing).ToSafeTensors(), []);
        Assert.Equal(nothing, restored.State);
        Assert.Null(restored.Generator);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused_with_both_values()
    {
        var saved = Checkpoint.Of(TrainingState<double>.Start(Start())).WithRun("seed", "42").WithRun("stage", "net").ToSafeTensors();
        Refused(() => Checkpoint<double>.From(saved, [W, B], Run(("seed", "43"), ("stage", "net"))), "of another run", "seed is “42”", "here “43”", "start anew");
        Refused(() => Checkpoint<double>.From(saved, [W, B], Run(("seed", "42"))), "stage is “net”", "here not given");
        Refused(() => Checkpoint<double>.From(saved, [W, B], Run(("seed", "42"), ("stage", "net"), ("rate", "1"))), "rate is not given", "here “1”");
        Checkpoint<double>.From(saved, [W, B], Run(("seed", "42"), ("stage", "net")));
        Checkpoint<double>.From(saved, [W, B]);

        // Before the shapes, so that the reason is named and not one of its consequences.
        Refused(() => Checkpoint<double>.From(saved, [Expr.Variable("w", [4]), B], Run(("seed", "42"), ("stage", "gpt"))), "stage is “net”");
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused_with_both_values()
    {
        var path = At("run");
        Checkpoint.Of(TrainingState<double>.Start(Start())).Save(path);
        Refused(() => Checkpoint<double>.Load(path, [Expr.Variable("w", [4]), B]), path, "parameter/w has the shape [3]", "w of this run [4]");
        Refused(() => Checkpoint<double>.Load(path, [W]), path, "“parameter/b”", "no such parameter", "it has w");
        Refused(() => Checkpoint<double>.Load(path, [W, B, X]), path, "no tensor “parameter/x”", "parameter/b F64 []");
        Refused(() => Checkpoint<float>.Load(path, [W, B]), path, "is F64", "asked for as F32");
        Errors.Say<ArgumentException>(() => Checkpoint<double>.Load(path, [W, Expr.Variable("w", [2])]), "two parameters are called w", "[3] and [2]");
        var twins = Point.Of((W, Tensor.Of(1.0, 2, 3)), (Expr.Variable("w"), 1.0));
        Errors.Say<ArgumentException>(() => Checkpoint.Of(TrainingState<double>.Start(twins)), "two parameters are called w", "a name of its own");
    }

    [Fact]
    public void Other_files_of_tensors_are_no_checkpoints()
    {
        Refused(() => Checkpoint<double>.From(SafeTensors.Empty, []), "no checkpoint", "not given", "functionalgrad checkpoint 1");
        Refused(() => Checkpoint.RunOf(SafeTensors.Empty.WithMetadata("format", "pt")), "“pt”");
        var saved = Checkpoint.Of(TrainingState<double>.Start(Start())).WithGenerator(MersenneTwister.FromSeed(1)).ToSafeTensors();
        Refused(() => Checkpoint<double>.From(saved.WithoutMetadata("sha256"), [W, B]), "changed after it was saved", "not given");
        Refused(() => Checkpoint<double>.From(saved.WithMetadata("step", "9"), [W, B]), "changed after it was saved");
        Refused(() => Checkpoint<double>.From(saved.With("more", Tensor.Of(1.0)), [W, B]), "changed after it was saved");
    }

    [Fact]
    public void A_single_changed_bit_anywhere_is_refused()
    {
        var state = Optimiser.Adam().Train(Output, step => Point.Of((X, Tensor.Of(step, 1.0, -1))), TrainingState<double>.Start(Start()), Schedules.Constant(0.1)).ElementAt(3);
        var bytes = Checkpoint.Of(state).WithGenerator(MersenneTwister.FromSeed(1).Gauss().Next).WithRun("seed", "1").ToSafeTensors().ToBytes();
        var random = new Random(20260102);
        for (var i = 0; i < 3000; i++)
        {
            var at = i < 1500 ? i % bytes.Length : random.Next(bytes.Length);
            var bit = random.Next(8);
            bytes[at] ^= (byte)(1 << bit);
            Assert.Throws<CheckpointException>(() => Checkpoint<double>.From(SafeTensors.Read(bytes), [W, B]));
            bytes[at] ^= (byte)(1 << bit);
        }

        Assert.Equal(state, Checkpoint<double>.From(SafeTensors.Read(bytes), [W, B]).State);
    }

    // Whoever forges a file can forge its digest: what follows the digest is checked all the same.
    [Theory]
    [InlineData("step", "-1", "step is “-1”", "from 0 to 2147483647")]
    [InlineData("step", "99999999999", "step is “99999999999”")]
    [InlineData("step", "1.0", "step is “1.0”")]
    [InlineData("moments", "2000000000", "moments is “2000000000”", "from 0 to 1000")]
    [InlineData("generator.position", "625", "cannot be restored", "625")]
    [InlineData("generator.position", "x", "generator.position is “x”")]
    public void Forged_text_is_refused(string key, string text, params string[] says)
    {
        var forged = Forged(Plain().WithMetadata(key, text));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(() => Checkpoint<double>.From(forged, [W, B]), says);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Forged_tensors_are_refused()
    {
        Refused(() => From(Without("rate").With("rate", Tensor.Of(1.0))), "rate has the shape [1]", "a scalar");
        Refused(() => From(Without("rate")), "no tensor “rate”");
        Refused(() => From(Without("loss").With("loss", Tensor.Scalar(1f))), "“loss” is F32");
        Refused(() => From(Without("generator/words").With("generator/words", Tensor.Full([624], 0.5))), "word 0 of generator/words is 0.5");
        Refused(() => From(Without("generator/words").With("generator/words", Tensor.Full([624], double.NaN))), "word 0", "NaN");
        Refused(() => From(Without("generator/words").With("generator/words", Tensor.Full([624], 4294967296.0))), "word 0", "4294967296", "4294967295");
        Refused(() => From(Without("generator/words").With("generator/words", Tensor.Full([624], 0.0))), "zeros for ever");
        Refused(() => From(Without("generator/words").With("generator/words", Tensor.Full([3], 1.0))), "624 words");
        Refused(() => From(Without("").With("moment/0/w", Tensor.Of(1.0, 2, 3))), "“moment/0/w”", "no such parameter");
        Refused(() => From(Without("").With("gradient/w", Tensor.Of(1.0))), "gradient/w has the shape [1]", "w of this run [3]");

        static Checkpoint<double> From(SafeTensors forged) => Checkpoint<double>.From(Forged(forged), [W, B]);

        static SafeTensors Without(string name)
        {
            var plain = Plain();
            return plain.Metadata.Aggregate(
                plain.Names.Where(other => other != name).Aggregate(SafeTensors.Empty, (all, other) => all.With(other, plain.Get<double>(other))),
                (all, text) => all.WithMetadata(text.Key, text.Value));
        }
    }

    private static SafeTensors Plain() =>
        Checkpoint.Of(TrainingState<double>.Start(Start())).WithGenerator(MersenneTwister.FromSeed(1)).ToSafeTensors().WithoutMetadata("sha256");

    private static SafeTensors Forged(SafeTensors tensors) =>
        tensors.WithMetadata("sha256", Convert.ToHexStringLower(SHA256.HashData(tensors.ToBytes())));

    private static void GoesOn<T>(Optimiser optimiser)
        where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var uninterrupted = States(TrainingState<T>.Start(Start().To<T>())).Take(12).ToImmutableArray();
        for (var stop = 1; stop < 12; stop++)
        {
            var bytes = Checkpoint.Of(uninterrupted[stop - 1]).ToSafeTensors().ToBytes();
            var restored = Checkpoint<T>.From(SafeTensors.Read(bytes), [W, B]).State;
            Assert.Equal(uninterrupted[stop - 1], restored);
            Assert.Equal(
                Checkpoint.Of(uninterrupted[11]).ToSafeTensors(), Checkpoint.Of(States(restored).ElementAt(11 - stop)).ToSafeTensors());
        }

        IEnumerable<TrainingState<T>> States(TrainingState<T> from) => optimiser.Train(
            Output, step => Point<T>.Of((X, Tensor.Of(step / 7.0, 1, -step).To<T>())), from, Schedules.Linear(0.1, 0, 12));
    }

    private static Optimiser Named(string name) => name switch
    {
        "gradient descent" => Optimiser.GradientDescent,
        "momentum" => Optimiser.Momentum(),
        "Adam" => Optimiser.Adam(),
        _ => Optimiser.AdamW(0.1).WithClipping(0.5),
    };

    private static Point<double> Start() => Point.Of((W, Tensor.Of(0.5, -0.25, 0.1)), (B, 0.3));

    private static Dictionary<string, string> Run(params (string Setting, string Value)[] settings) =>
        settings.ToDictionary(setting => setting.Setting, setting => setting.Value);

    private static void Refused(Action action, params string[] says) => Errors.Say<CheckpointException>(action, says);

    private string At(string file) => Path.Combine(_folder, file);
}
