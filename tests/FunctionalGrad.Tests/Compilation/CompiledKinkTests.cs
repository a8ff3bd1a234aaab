using Xunit;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>At every row of the table of kinks a compiled derivative is the one that the declaration states, in both modes.</summary>
public sealed class CompiledKinkTests
{
    [Fact]
    public void Every_kink_has_its_stated_partials_compiled_in_reverse_and_forward_mode()
    {
        var rows = 0;
        foreach (var primitive in Primitive.All)
        {
            foreach (var kink in primitive.Kinks)
            {
                var variables = kink.At.Select((_, i) => Expr.Variable($"x{i}")).ToArray();
                var at = Point<double>.Of([.. variables.Select((variable, i) => (variable, (Tensor<double>)kink.At[i]))]);
                var value = primitive.Apply(variables);
                Expr[] partials =
                [
                    .. value.Gradient(variables).Values,
                    .. variables.Select(variable => value.Pushforward(GradientMap<Expr>.Of((variable, 1.0)))),
                ];
                var got = partials.Compile<double>().Invoke(at);
                for (var i = 0; i < got.Length; i++)
                {
                    var stated = kink.Partials[i % variables.Length];
                    var difference = Math.Abs(got[i].ToScalar() - stated);
                    Assert.True(
                        got[i].ToScalar().Equals(stated) || got[i].ToScalar() == stated || difference <= 1e-15 * Math.Abs(stated),
                        $"{primitive} at ({string.Join(", ", kink.At)}): partial {i} is {got[i]} and should be {stated}");
                }

                rows++;
            }
        }

        Assert.True(rows > 50, $"{rows} rows");
    }
}
