using System.Collections.Immutable;
using Xunit;

namespace FunctionalGrad.Tests.Structured;

/// <summary>What cannot be taken apart is refused with its type, its path and a way out; so is what has another form.</summary>
public sealed class StructureErrorTests
{
    [Fact]
    public void A_type_that_hides_what_it_holds_is_named_with_its_path()
    {
        var at = new Outer<double>([new Hidden<double>(1)]);
        Errors.Say<ParametersException>(
            () => Differentiate.Gradient((Outer<Expr> o) => 0, at), "Outer<double>.Items[i]", "Hidden<double>", "cannot be taken apart", "constructor", "Supported are", "Make it");
        Errors.Say<ParametersException>(
            () => Differentiate.Gradient((Losing<Expr> o) => o.X, new Losing<double>(1)), "Losing<double>", "private field cache", "lose");
        Errors.Say<ParametersException>(
            () => Differentiate.ValueAndGradient((HiddenTensor m, FormulaOf of) => 0, new HiddenTensor()), "HiddenTensor", "constructor");
    }

    [Fact]
    public void Formulas_and_numbers_that_do_not_go_together_are_named()
    {
        Errors.Say<ParametersException>(
            () => Differentiate.Gradient((Named<Expr> n) => n.Value, new Named<string>("a")), "Named<string>.Value", "string", "Expr");
        Errors.Say<ParametersException>(
            () => Differentiate.Gradient(((Expr, Expr, Expr) p) => p.Item1, (1.0, 2.0)), "ValueTuple<double, double>", "Item3", "same members");
        Errors.Say<ParametersException>(
            () => Differentiate.Gradient((Keyed<Expr> k) => 0, new Keyed<double>(ImmutableDictionary<Version[], double>.Empty)), "Keyed<double>.Map", "order");
    }

    [Fact]
    public void Another_form_at_a_call_is_told_from_the_one_compiled()
    {
        var at = new Model<Tensor<double>>([Tensor.Of(1.0), Tensor.Of(2.0)], ImmutableDictionary<string, Tensor<double>>.Empty.Add("a", 1.0), "relu", 3.0);
        var run = Differentiate.Compile((Model<Expr> m) => m.Items.Aggregate((Expr)0, (sum, x) => sum + x.Sum()), at);
        Assert.Equal(3, run(at).Value);
        Errors.Say<ParametersException>(() => run(at with { Items = [Tensor.Of(1.0)] }), "Items.Count is 1 here and 2", "start again");
        Errors.Say<ParametersException>(() => run(at with { Items = [Tensor.Of(1.0), Tensor.Of(1.0, 2)] }), "Items[1] has shape [2]", "shape [1]");
        Errors.Say<ParametersException>(() => run(at with { Kind = "tanh" }), "Kind is tanh here and relu");
        Errors.Say<ParametersException>(() => run(at with { Bias = null }), "Bias is null here and a tensor");
        Errors.Say<ParametersException>(
            () => run(at with { Map = ImmutableDictionary<string, Tensor<double>>.Empty.Add("b", 1.0) }), "has .Map[b].Key here where", "has .Map[a].Key", "start again");
        Errors.Say<ParametersException>(() => run(at with { Items = default }), "Items.Count is null here and 2");
        Assert.Throws<ArgumentNullException>(() => { run(null!); });
    }

    [Fact]
    public void Maps_over_leaves_want_their_kind_and_one_form()
    {
        var at = new[] { Tensor.Of(1.0), Tensor.Of(2.0) };
        Errors.Say<ParametersException>(
            () => Parameters.Map(at, (Tensor<float> leaf) => leaf), "Tensor<double>[][0]", "Tensor<double>", "Tensor<float>");
        Errors.Say<ParametersException>(() => Parameters.Move(at, 1, at[..1]), "2 and 1 leaves", "[1]");
        Assert.Equal([2.0, 3.0], Parameters.Map(new[] { 1.0, 2.0 }, (Tensor<double> leaf) => leaf + 1.0));
        Assert.Equal((1.5f, 2f), Parameters.Move((1f, 1f), 0.5, (1f, 2f)));
        var plain = new Plain(Tensor.Of(1.0), 2.0, Tensor.Of(7.0));
        Assert.Equal(5, Parameters.Move(plain, 2, plain with { Bias = 1.5 }).Bias.Evaluate().ToScalar());
        Assert.Same(plain.Data, Parameters.Move(plain, 2, plain).Data);
    }

    private sealed record Outer<V>(ImmutableArray<Hidden<V>> Items);

    private sealed class Hidden<V>(V secret)
    {
        public override string ToString() => $"{secret}";
    }

    private sealed class Losing<V>(V x)
    {
        private readonly List<V> cache = [];

        public V X { get; } = x;

        public int Cached => cache.Count;
    }

    private sealed class HiddenTensor
    {
        private readonly Tensor<double> _inside = 1.0;

        public HiddenTensor()
            : this(0)
        {
        }

        private HiddenTensor(int unused) => Unused = unused;

        public int Unused { get; }

        public override string ToString() => _inside.ToString();
    }

    private sealed record Named<V>(V Value);

    private sealed record Keyed<V>(ImmutableDictionary<Version[], V> Map);

    private sealed record Model<V>(ImmutableArray<V> Items, ImmutableDictionary<string, V> Map, string Kind, V? Bias);

    private sealed record Plain(Expr Weight, Expr Bias, Tensor<double> Data);
}
