using Xunit;

namespace FunctionalGrad.Tests.Primitives;

/// <summary>Every primitive that the library declares is complete, and its declaration is true at points of its domain.</summary>
public sealed class CompletenessTests
{
    private const int Seeds = 3;

    public static TheoryData<int, string> All
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < Primitive.All.Length; i++)
            {
                data.Add(i, Primitive.All[i].ToString());
            }

            return data;
        }
    }

    [Fact]
    public void There_are_many_primitives_and_no_two_are_the_same()
    {
        Assert.InRange(Primitive.All.Select(primitive => primitive.Name).Distinct().Count(), 60, 200);
        Assert.Equal(Primitive.All.Length, Primitive.All.Distinct().Count());
        Assert.Equal(Primitive.All.Length, Primitive.All.Select(primitive => primitive.ToString()).Distinct().Count());
        Assert.Equal(Primitive.All, Primitive.All);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_primitive_declares_everything(int index, string name)
    {
        var primitive = Primitive.All[index];
        Assert.Equal(name, primitive.ToString());
        Assert.StartsWith(primitive.Name, name, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(primitive.Formula));
        Assert.NotNull(primitive.Rule);
        Assert.NotNull(primitive.Notation);
        Assert.NotEmpty(primitive.Examples);
        Assert.All(primitive.Examples, example => Assert.Same(primitive, example.Primitive));
        Assert.All(primitive.Kinks, kink => Assert.False(string.IsNullOrWhiteSpace(kink.Because)));
        Assert.All(primitive.Kinks, kink => Assert.Equal(kink.At.Length, kink.Partials.Length));
        Assert.Contains(
            Primitive.All.Where(other => other.Name == primitive.Name).SelectMany(other => other.Examples),
            example => example.Operands.All(operand => operand.Shape.Size > 0));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_primitive_equals_itself_and_no_other(int index, string name)
    {
        var primitive = Primitive.All[index];
        Assert.Equal([index], Enumerable.Range(0, Primitive.All.Length).Where(i => Primitive.All[i].Equals(primitive)));
        Assert.Equal(primitive.GetHashCode(), Primitive.All.Single(other => other.ToString() == name).GetHashCode());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_application_prints_its_operands_and_its_name(int index, string name)
    {
        var primitive = Primitive.All[index];
        var example = primitive.Examples[0];
        var variables = example.Operands.Select((operand, i) => Expr.Variable($"operand{i}", operand.Shape)).ToArray();
        var text = primitive.Apply([.. variables]).ToString();
        Assert.All(variables, variable => Assert.Contains(variable.Name, text, StringComparison.Ordinal));
        Assert.InRange(text.Length, 1, 200);
        if (primitive.Notation == Notation.Function)
        {
            Assert.True(text.Replace(" ", "").Contains(primitive.Name.Replace(" ", ""), StringComparison.Ordinal), $"{name} prints as {text}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_value_has_the_shape_that_was_promised_and_is_finite(int index, string name)
    {
        foreach (var (example, operands) in Cases(index))
        {
            var shape = example.Primitive.InferShape([.. example.Operands.Select(operand => operand.Shape)]);
            var value = example.Primitive.Evaluate<double>(operands, shape);
            Assert.Equal(shape, value.Shape);
            Assert.Equal(shape, example.Primitive.Apply([.. operands.Select(operand => Expr.Constant(operand))]).Shape);
            Assert.True(value.ToArray().All(double.IsFinite), $"{name} of {string.Join(", ", operands)} is {value}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Single_precision_agrees_with_double_to_its_accuracy(int index, string name)
    {
        foreach (var (example, operands) in Cases(index))
        {
            var single = operands.Select(operand => operand.To<float>()).ToArray();
            var shape = example.Primitive.InferShape([.. example.Operands.Select(operand => operand.Shape)]);
            var exact = example.Primitive.Evaluate<double>([.. single.Select(operand => operand.To<double>())], shape);
            var rounded = example.Primitive.Evaluate<float>(single, shape);
            Assert.Equal(exact.Shape, rounded.Shape);
            for (var i = 0; i < exact.Size; i++)
            {
                var allowed = 1e-5 * Math.Max(1, Math.Abs(exact.Values[i]));
                Assert.True(Math.Abs(exact.Values[i] - rounded.Values[i]) <= allowed, $"{name}: {exact.Values[i]:R} and {rounded.Values[i]:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_pushforward_is_the_directional_derivative(int index, string name)
    {
        const double step = 1e-6;
        foreach (var (example, operands) in Cases(index))
        {
            var random = new Random(99);
            var directions = example.Operands.Select(operand => Samples.Direction(operand, random)).ToArray();
            var shape = example.Primitive.InferShape([.. example.Operands.Select(operand => operand.Shape)]);
            var ahead = example.Primitive.Evaluate<double>([.. operands.Zip(directions, (x, v) => x + step * v)], shape);
            var behind = example.Primitive.Evaluate<double>([.. operands.Zip(directions, (x, v) => x - step * v)], shape);
            var difference = (0.5 / step) * (ahead - behind);
            var pushed = Pushed(example, operands, directions);
            Assert.Equal(shape, pushed.Shape);
            for (var i = 0; i < pushed.Size; i++)
            {
                var allowed = 2e-7 * Math.Max(1, Math.Abs(pushed.Values[i]) + Math.Abs(ahead.Values[i]));
                Assert.True(
                    Math.Abs(pushed.Values[i] - difference.Values[i]) <= allowed,
                    $"{name} at {string.Join(", ", operands)}: {pushed} where differences give {difference}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_pullback_is_the_transpose_of_the_pushforward(int index, string name)
    {
        foreach (var (example, operands) in Cases(index))
        {
            var random = new Random(7);
            var directions = example.Operands.Select(operand => Samples.Direction(operand, random)).ToArray();
            var variables = Variables(example);
            var value = example.Primitive.Apply([.. variables]);
            var cotangent = Tensor.Generate(value.Shape, _ => (2 * random.NextDouble()) - 1);
            var pulled = value.Pullback(cotangent, variables).Evaluate(At(variables, operands));
            var left = Tensor<double>.Dot(cotangent, Pushed(example, operands, directions)).ToScalar();
            var right = variables.Select((variable, i) => Tensor<double>.Dot(pulled[variable], directions[i]).ToScalar()).Sum();
            Assert.True(Math.Abs(left - right) <= 1e-11 * Math.Max(1, Math.Abs(left)), $"{name}: ⟨w, J·v⟩ = {left:R} and ⟨Jᵀ·w, v⟩ = {right:R}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_derivative_of_the_derivative_agrees_in_both_modes(int index, string name)
    {
        foreach (var (example, operands) in Cases(index).Take(4))
        {
            var random = new Random(5);
            var variables = Variables(example);
            var value = example.Primitive.Apply([.. variables]);
            var weights = Tensor.Generate(value.Shape, _ => random.NextDouble());
            var gradient = value.Pullback(weights, variables);
            var first = GradientMap<Expr>.Of([.. variables.Select((v, i) => (v, (Expr)Samples.Direction(example.Operands[i], random)))]);
            var second = GradientMap<Expr>.Of([.. variables.Select((v, i) => (v, (Expr)Samples.Direction(example.Operands[i], random)))]);
            var point = At(variables, operands);

            // vᵀ·H·u, forward over reverse and reverse over forward, in either order of u and v.
            var forwardOverReverse = GradientMap<Expr>.Dot(gradient, first).Pushforward(second).Evaluate(point).ToScalar();
            var swapped = GradientMap<Expr>.Dot(gradient, second).Pushforward(first).Evaluate(point).ToScalar();
            var reverseOverForward = GradientMap<Expr>.Dot(
                Expr.Dot(value.Pushforward(first), weights).Gradient(variables), second).Evaluate(point).ToScalar();
            var allowed = 1e-10 * Math.Max(1, Math.Abs(forwardOverReverse));
            Assert.True(Math.Abs(forwardOverReverse - swapped) <= allowed, $"{name}: {forwardOverReverse:R} and, swapped, {swapped:R}");
            Assert.True(
                Math.Abs(forwardOverReverse - reverseOverForward) <= allowed,
                $"{name}: forward over reverse {forwardOverReverse:R}, reverse over forward {reverseOverForward:R}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Too_many_or_too_few_operands_are_an_error_that_names_the_primitive(int index, string name)
    {
        var primitive = Primitive.All[index];
        if (primitive.Name is "concatenate")
        {
            return;
        }

        var operands = primitive.Examples[0].Operands.Select(operand => Expr.Zeros(operand.Shape)).ToList();
        var error = Assert.Throws<ShapeException>(() => primitive.Apply([.. operands, .. operands]));
        Assert.Contains(primitive.Name, error.Message, StringComparison.Ordinal);
        Assert.True(Record.Exception(() => primitive.Apply()) is ShapeException, $"{name} without operands");
    }

    private static IEnumerable<(Example Example, Tensor<double>[] Operands)> Cases(int index) =>
        from example in Primitive.All[index].Examples
        from seed in Enumerable.Range(0, Seeds)
        select (example, Samples.Operands(example, seed));

    private static Variable[] Variables(Example example) =>
        [.. example.Operands.Select((operand, i) => Expr.Variable($"x{i}", operand.Shape))];

    private static Point<double> At(Variable[] variables, Tensor<double>[] operands) =>
        Point.Of([.. variables.Zip(operands)]);

    private static Tensor<double> Pushed(Example example, Tensor<double>[] operands, Tensor<double>[] directions)
    {
        var variables = Variables(example);
        var tangents = GradientMap<Expr>.Of([.. variables.Zip(directions, (variable, v) => (variable, (Expr)v))]);
        return example.Primitive.Apply([.. variables]).Pushforward(tangents).Evaluate(At(variables, operands));
    }
}
