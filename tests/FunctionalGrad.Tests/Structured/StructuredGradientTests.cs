using System.Collections.Immutable;
using Xunit;

namespace FunctionalGrad.Tests.Structured;

/// <summary>Gradients of functions of records are records, by whatever door, and equal to those by variables.</summary>
public sealed class StructuredGradientTests
{
    private static readonly Model<Tensor<double>> Start = new(
        "net",
        [new(Tensor.Of([2, 2], [0.5, -0.25, 1, 0.75]), Tensor.Of(0.1, 0.2)), new(Tensor.Of([1, 2], [2.0, -1]), null)],
        (Tensor<double>)0.5,
        Depth: 2);

    private static readonly Tensor<double> Input = Tensor.Of(1.0, 2);

    [Fact]
    public void A_nested_record_goes_in_and_one_of_the_same_type_comes_out()
    {
        var (value, gradient) = Differentiate.ValueAndGradient((Model<Expr> m) => Loss(m), Start);
        var (expectedValue, expected) = ByVariables();
        Assert.Equal(expectedValue, value);
        Assert.Equal(expected, Tensors(gradient));
        Assert.Equal("net", gradient.Name);
        Assert.Equal(2, gradient.Depth);
        Assert.Null(gradient.Layers[1].Bias);
    }

    [Fact]
    public void Compiled_gives_the_same_and_follows_the_numbers()
    {
        var run = Differentiate.Compile((Model<Expr> m) => Loss(m), like: Start);
        Assert.Equal(Differentiate.ValueAndGradient((Model<Expr> m) => Loss(m), Start).Value, run(Start).Value, 1e-14);
        var moved = Parameters.Move(Start, -0.01, run(Start).Gradient);
        Assert.True(run(moved).Value < run(Start).Value);
        foreach (var at in new[] { Start, moved })
        {
            var (expected, actual) = (Tensors(Differentiate.Gradient((Model<Expr> m) => Loss(m), at)), Tensors(run(at).Gradient));
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray(), (x, y) => Math.Abs(x - y) < 1e-13));
        }
    }

    [Fact]
    public void Single_precision_is_computed_in_single_precision()
    {
        var gradient = Differentiate.Gradient((Line<Expr> line) => (line.A * 3 + line.B).Square(), new Line<float>(0.1f, 0.2f));
        Assert.Equal(new Line<float>(2 * ((0.1f * 3f) + 0.2f) * 3f, 2 * ((0.1f * 3f) + 0.2f)), gradient);
        Assert.Equal(gradient, Differentiate.Compile((Line<Expr> line) => (line.A * 3 + line.B).Square(), new Line<float>(0, 0))(new(0.1f, 0.2f)).Gradient);
    }

    [Fact]
    public void Derivatives_of_structures_nest()
    {
        // f = a²b, ∂f/∂a = 2ab, and the gradient of that is (2b, 2a).
        var gradient = Differentiate.Gradient((Line<Expr> line) => line.A * line.A * line.B);
        var second = Differentiate.Gradient((Line<Expr> line) => gradient(line).A);
        Assert.Equal(10, second(new(3, 5)).A.Evaluate().ToScalar());
        Assert.Equal(6, second(new(3, 5)).B.Evaluate().ToScalar());
        Assert.Equal(second(new(3, 5)).B.Evaluate(), Differentiate.HessianVectorProduct((Line<Expr> line) => line.A * line.A * line.B)(new(3, 5), new(1, 0)).B.Evaluate());
        Assert.Equal(new Line<double>(10, 6), Differentiate.HessianVectorProduct((Line<Expr> line) => line.A * line.A * line.B, new Line<double>(3, 5), new(1, 0)));

        // The outer structure is not confused with the inner one.
        var confused = Differentiate.Gradient((Line<Expr> x) => x.A * Differentiate.Gradient((Line<Expr> y) => x.A * y.A)(new(2, 0)).A);
        Assert.Equal(2, confused(new(1, 0)).A.Evaluate().ToScalar());
    }

    [Fact]
    public void Pushforward_and_pullback_of_a_structure_are_adjoint()
    {
        Expr F(Line<Expr> line) => line.A * Tensor.Of(1.0, 2) + Expr.Sin(line.B);
        var (at, v, w) = (new Line<Expr>(2, 3), new Line<Expr>(0.5, -1), Tensor.Of(1.5, -2));
        var pushed = Differentiate.Pushforward<Line<Expr>>(F)(at, v).Tangent.Evaluate();
        var pulled = Differentiate.Pullback<Line<Expr>>(F)(at).Pull(w);
        Assert.Equal(Tensor<double>.Dot(pushed, w).ToScalar(), (0.5 * pulled.A - pulled.B).Evaluate().ToScalar(), 1e-14);
    }

    [Fact]
    public void Pushforward_and_pullback_in_numbers_are_those_of_expressions()
    {
        Expr F(Model<Expr> m) => m.Layers[0].Weight * Expr.Sin(m.Layers[0].Bias!) + m.Scale;
        var direction = Parameters.Map(Start, (Tensor<double> leaf) => Tensor.Of(leaf.Shape, [.. leaf.ToArray().Select(x => 1 - (2 * x))]));
        var weight = Tensor.Of([2, 2], [1.5, -2, 0.25, 3]);
        var (value, tangent) = Differentiate.Pushforward<Model<Expr>, Model<Tensor<double>>>(F, Start, direction);
        var (same, pull) = Differentiate.Pullback<Model<Expr>, Model<Tensor<double>>>(F, Start);
        Assert.Equal([2, 2], value.Shape);
        Assert.Equal(value, same);

        var weighted = (Model<Expr> m) => (F(m) * weight).Sum();
        var expected = Differentiate.Gradient(weighted, Start);
        Assert.All(Tensors(expected).Zip(Tensors(pull(weight))), pair => Assert.Equal(pair.First, pair.Second));
        var along = Tensors(expected).Zip(Tensors(direction)).Sum(pair => Tensor<double>.Dot(pair.First, pair.Second).ToScalar());
        Assert.Equal(along, Tensor<double>.Dot(tangent, weight).ToScalar(), 1e-13);
        Assert.Equal("net", pull(weight).Name);
        Assert.Null(pull(weight).Layers[1].Bias);

        // The map is linear, and may be called again.
        Assert.Equal(Tensors(pull(weight)).Select(tensor => 2.0 * tensor), Tensors(pull(2.0 * weight)));
        Errors.Say<ShapeException>(() => pull(1.0), "w", "[2, 2]");
        Errors.Say<ParametersException>(
            () => Differentiate.Pushforward<Model<Expr>, Model<Tensor<double>>>(F, Start, direction with { Scale = Tensor.Of(1.0, 2) }), "Scale", "[2]");
        Assert.Throws<ArgumentNullException>(() => { pull(null!); });
    }

    [Fact]
    public void Pushforward_and_pullback_follow_the_precision()
    {
        var (at, direction) = (new Line<float>(0.1f, 0.2f), new Line<float>(1, 3));
        var (value, tangent) = Differentiate.Pushforward((Line<Expr> line) => line.A * line.B, at, direction);
        Assert.Equal(0.1f * 0.2f, value.ToScalar());
        Assert.Equal(0.2f + (3 * 0.1f), tangent.ToScalar());
        Assert.Equal(new Line<float>(2 * 0.2f, 2 * 0.1f), Differentiate.Pullback((Line<Expr> line) => line.A * line.B, at).Pull(2.0));
    }

    [Fact]
    public void A_record_of_expressions_serves_as_both()
    {
        var at = new Plain(Tensor.Of(1.0, 2), 3, "kept");
        var symbolic = Differentiate.Gradient((Plain p) => (p.Weight * p.Bias).Sum())(at);
        Assert.Equal(Tensor.Of(3.0, 3), symbolic.Weight.Evaluate());
        Assert.Equal("kept", symbolic.Name);
        var (value, gradient) = Differentiate.ValueAndGradient((Plain p) => (p.Weight * p.Bias).Sum(), at);
        Assert.Equal(9, value);
        Assert.Equal(3.0, gradient.Bias.Evaluate().ToScalar());
    }

    [Fact]
    public void A_record_of_tensors_is_differentiated_by_formulas_of_its_members()
    {
        var same = Tensor.Of(1.0, 2);
        var at = new OfTensors(same, [same, Tensor.Of(3.0, 4)], 0.5);
        Expr Loss(OfTensors m, FormulaOf of) => (of[m.Weight] * of[m.More[0]].Square() * of[m.More[1]]).Sum() * m.Scale;
        var (value, gradient) = Differentiate.ValueAndGradient<OfTensors>(Loss, at);
        Assert.Equal(0.5 * (3 + (8 * 4)), value);
        Assert.Equal(Tensor.Of(1.5, 8), gradient.Weight);
        Assert.Equal(Tensor.Of(3.0, 16), gradient.More[0]);
        Assert.Equal(0.5, gradient.Scale);
        Assert.Equal(gradient.More[1], Differentiate.Compile<OfTensors>(Loss, like: at)(at).Gradient.More[1]);
        Errors.Say<ParametersException>(
            () => Differentiate.ValueAndGradient((OfTensors m, FormulaOf of) => of[2 * m.Weight].Sum(), at), "none of those", "of[model.Weight]");
    }

    [Fact]
    public void Every_kind_of_collection_keeps_its_kind()
    {
        var at = new Many<Tensor<double>>(
            [1.0, 2.0],
            [3.0],
            ImmutableDictionary<string, Tensor<double>>.Empty.Add("b", 4.0).Add("a", 5.0),
            ImmutableList.Create<Tensor<double>>(6.0),
            (7.0, new(8.0, 9.0)),
            [10.0],
            ImmutableSortedDictionary<int, Tensor<double>>.Empty.Add(2, 11.0).Add(1, 12.0));
        var squares = Differentiate.Gradient(
            (Many<Expr> m) => m.Array.Concat(m.ReadOnly).Concat(m.Map.Values).Concat(m.List).Append(m.Pair.One).Append(m.Pair.Two.A)
                .Append(m.Pair.Two.B).Concat(m.Immutable).Concat(m.Sorted.Values).Aggregate((Expr)0, (sum, x) => sum + (x * x)),
            at);
        Assert.Equal(2.0, squares.Array[0].ToScalar());
        Assert.Equal(4.0, squares.Array[1].ToScalar());
        Assert.Equal(6.0, Assert.Single(squares.ReadOnly).ToScalar());
        Assert.Equal(8.0, squares.Map["b"].ToScalar());
        Assert.Equal(10.0, squares.Map["a"].ToScalar());
        Assert.Equal(12.0, squares.List[0].ToScalar());
        Assert.Equal(14.0, squares.Pair.One.ToScalar());
        Assert.Equal(18.0, squares.Pair.Two.B.ToScalar());
        Assert.Equal(20.0, squares.Immutable[0].ToScalar());
        Assert.Equal(22.0, squares.Sorted[2].ToScalar());
        Assert.Equal(24.0, squares.Sorted[1].ToScalar());
        Assert.Equal(
            ["Array[0]", "Array[1]", "ReadOnly[0]", "Map[a]", "Map[b]", "List[0]", "Pair.Item1", "Pair.Item2.A", "Pair.Item2.B", "Immutable[0]", "Sorted[1]", "Sorted[2]"],
            Parameters.Leaves<Many<Tensor<double>>, Tensor<double>>(at).Select(leaf => leaf.Path));
    }

    [Fact]
    public void Records_that_derive_from_one_are_walked_as_what_they_are()
    {
        ImmutableArray<Part<Tensor<double>>> at = [new Scale<Tensor<double>>(2.0), new Shift<Tensor<double>>(3.0, "s"), new Scale<Tensor<double>>(5.0)];
        Expr Loss(ImmutableArray<Part<Expr>> parts) => parts.Aggregate((Expr)7, (x, part) => part switch
        {
            Scale<Expr> scale => x * scale.By,
            Shift<Expr> shift => x + shift.By,
            _ => throw new InvalidOperationException(),
        });
        var gradient = Differentiate.Gradient<ImmutableArray<Part<Expr>>, ImmutableArray<Part<Tensor<double>>>>(Loss, at);
        Assert.Equal([new Scale<Tensor<double>>(35.0), new Shift<Tensor<double>>(5.0, "s"), new Scale<Tensor<double>>(17.0)], gradient);
        var run = Differentiate.Compile<ImmutableArray<Part<Expr>>, ImmutableArray<Part<Tensor<double>>>>(Loss, at);
        Assert.Equal(gradient, run(at).Gradient);
        Errors.Say<ParametersException>(() => run([at[1], at[0], at[2]]), "[0]", "Shift", "Scale", "start again");
    }

    [Fact]
    public void A_type_within_itself_is_walked_to_its_end()
    {
        var at = new Tree<double>(2, [new(3, []), new(4, [new(5, [])])]);
        static Expr Product(Tree<Expr> tree) => tree.Children.Aggregate(tree.Value, (product, child) => product * Product(child));
        var gradient = Differentiate.Gradient<Tree<Expr>, Tree<double>>(Product, at);
        Assert.Equal(60, gradient.Value);
        Assert.Equal(24, gradient.Children[1].Children[0].Value);
    }

    [Fact]
    public void Members_set_by_init_and_classes_made_by_constructors_do_too()
    {
        var at = new Initialised<double> { First = 2, Second = 3 };
        Assert.Equal(3, Differentiate.Gradient((Initialised<Expr> p) => p.First * p.Second, at).First);
        var made = Differentiate.Gradient((Made<Expr> p) => p.First * p.Second, new Made<double>(second: 3, first: 2));
        Assert.Equal((3, 2), (made.First, made.Second));
    }

    [Fact]
    public void Data_may_be_another_at_every_call()
    {
        var run = Differentiate.Compile(
            (Line<Expr> line, (Expr X, Expr Y) data) => (line.A * data.X + line.B - data.Y).Square().Sum(),
            new Line<double>(0, 0),
            (X: Tensor.Of(0.0, 0), Y: Tensor.Of(0.0, 0)));
        Assert.Equal((9.0 + 25, new Line<double>(-2 * ((3 * 1) + (5 * 2)), -2 * (3 + 5))), run(new(1, 0), (Tensor.Of(1.0, 2), Tensor.Of(4.0, 7))));
        Assert.Equal(0, run(new(3, 1), (Tensor.Of(1.0, 2), Tensor.Of(4.0, 7))).Value);
    }

    [Fact]
    public void Points_maps_and_names_lead_to_structures_and_back()
    {
        var parameters = Parameters.Of<Model<Expr>, Model<Tensor<double>>>(Start);
        Assert.Equal(["Layers[0].Weight", "Layers[0].Bias", "Layers[1].Weight", "Scale"], parameters.Variables.Select(variable => variable.Name));
        var point = parameters.ToPoint<double>(Start);
        Assert.Equal(Tensors(Start), Tensors(parameters.FromPoint(point)));
        var loss = Loss(parameters.Formula);
        Assert.Equal(
            Tensors(Differentiate.Gradient((Model<Expr> m) => Loss(m), Start)), Tensors(parameters.FromGradient(loss.Gradient().Evaluate(point))));
        Assert.Equal(0, parameters.FromGradient(GradientMap<Tensor<double>>.Zero).Scale.ToScalar());
        Assert.Equal(Tensors(Start), Tensors(parameters.FromPoint(point.To<double>().With(Expr.Variable("other"), 1.0))));
        Assert.Same(parameters.Variables[3], parameters.Formula.Scale);
        Assert.Equal(loss.Gradient(parameters.Variables[3])[parameters.Variables[3]].Evaluate(point), parameters.FromGradient(loss.Gradient()).Scale.Evaluate(point));
    }

    [Fact]
    public void Any_number_of_threads_may_ask_at_once()
    {
        var results = new (double, Line<double>)[8];
        var run = Differentiate.Compile((Line<Expr> line) => (line.A * 3 + line.B).Square(), new Line<double>(0, 0));
        System.Threading.Tasks.Parallel.For(0, 8, i => results[i] = Enumerable.Range(0, 100).Select(_ => run(new(i, 1))).Distinct().Single());
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (Math.Pow((3 * i) + 1, 2), new Line<double>(6 * ((3 * i) + 1), 2 * ((3 * i) + 1)))), results);
    }

    private static Expr Loss(Model<Expr> model)
    {
        Expr x = Input;
        foreach (var layer in model.Layers)
        {
            x = Expr.MatMul(layer.Weight, x);
            x = Expr.Tanh(layer.Bias is null ? x : x + layer.Bias);
        }

        return (x.Sum() - model.Scale).Square() * model.Depth;
    }

    private static (double Value, Tensor<double>[] Gradient) ByVariables()
    {
        var (w, b, v, s) = (Expr.Variable("w", [2, 2]), Expr.Variable("b", [2]), Expr.Variable("v", [1, 2]), Expr.Variable("s"));
        var loss = Loss(new("", [new(w, b), new(v, null)], s, 2));
        var at = Point.Of((w, Start.Layers[0].Weight), (b, Start.Layers[0].Bias!), (v, Start.Layers[1].Weight), (s, Start.Scale));
        return (loss.Evaluate(at).ToScalar(), [.. loss.Gradient(w, b, v, s).Evaluate(at).Values]);
    }

    private static Tensor<double>[] Tensors(Model<Tensor<double>> model) =>
        [model.Layers[0].Weight, model.Layers[0].Bias!, model.Layers[1].Weight, model.Scale];

    private sealed record Layer<V>(V Weight, V? Bias);

    private sealed record Model<V>(string Name, ImmutableArray<Layer<V>> Layers, V Scale, int Depth)
    {
        public int Count => Layers.Length;
    }

    private readonly record struct Line<V>(V A, V B);

    private sealed record Plain(Expr Weight, Expr Bias, string Name);

    private sealed record OfTensors(Tensor<double> Weight, ImmutableArray<Tensor<double>> More, double Scale);

    private sealed record Many<V>(
        V[] Array,
        IReadOnlyList<V> ReadOnly,
        ImmutableDictionary<string, V> Map,
        ImmutableList<V> List,
        (V One, Line<V> Two) Pair,
        ImmutableArray<V> Immutable,
        ImmutableSortedDictionary<int, V> Sorted);

    private abstract record Part<V>;

    private sealed record Scale<V>(V By) : Part<V>;

    private sealed record Shift<V>(V By, string Name) : Part<V>;

    private sealed record Tree<V>(V Value, ImmutableArray<Tree<V>> Children);

    private sealed record Initialised<V>
    {
        public required V First { get; init; }

        public required V Second { get; init; }
    }

    private sealed class Made<V>(V first, V second)
    {
        public V First { get; } = first;

        public V Second { get; } = second;
    }
}
