using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Users' own elementwise primitives whose kernel is a formula.</content>
public abstract partial class Primitive
{
    /// <summary>
    /// An elementwise primitive of one operand whose kernel is a formula. It is one operation to derivatives and in print, and
    /// in compiled loops it runs over vector registers like the library's own.
    /// </summary>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="formula">The value, written over a scalar expression with operations that work entry by entry.</param>
    /// <param name="derivative">dy/dx as an expression of the operand x and the value y; that of the formula when omitted.</param>
    /// <param name="domain">Where tests sample the operand; −2 to 2 when omitted.</param>
    /// <exception cref="ArgumentException">The formula uses another variable, a tensor, or an operation that does not work
    /// entry by entry.</exception>
    /// <example><code>
    /// var swish = Primitive.OfFormula("swish", x => x * Expr.Logistic(x), (x, y) => y + Expr.Logistic(x) * (1 - y));
    /// swish.Apply(Expr.Variable("x"));                             // swish(x)
    /// Differentiate.Derivative(x => swish.Apply(x), 0.0);          // 0.5
    /// </code></example>
    public static Primitive OfFormula(
        string name, Func<Expr, Expr> formula, Func<Expr, Expr, Expr?>? derivative = null, Domain? domain = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        var x = Expr.Variable("x");
        return OfFormula(
            name, [x], formula(x), [domain ?? Domain.Real], derivative is null ? null : FunctionalGrad.Elementwise.Partial(derivative));
    }

    /// <summary>An elementwise primitive of two operands whose kernel is a formula.</summary>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="formula">The value, written over two scalar expressions.</param>
    /// <param name="byX">∂z/∂x as an expression of the operands x and y and the value z; with <paramref name="byY"/>, or those
    /// of the formula when both are omitted.</param>
    /// <param name="byY">∂z/∂y likewise.</param>
    /// <param name="domainX">Where tests sample x; −2 to 2 when omitted.</param>
    /// <param name="domainY">Where tests sample y; −2 to 2 when omitted.</param>
    /// <exception cref="ArgumentException">The formula is none of entries alone, or one partial is given without the other.</exception>
    public static Primitive OfFormula(
        string name,
        Func<Expr, Expr, Expr> formula,
        Func<Expr, Expr, Expr, Expr?>? byX = null,
        Func<Expr, Expr, Expr, Expr?>? byY = null,
        Domain? domainX = null,
        Domain? domainY = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        if (byX is null != byY is null)
        {
            throw new ArgumentException($"{name}: one partial is given and the other is not; give both, or neither for those of the formula");
        }

        var (x, y) = (Expr.Variable("x"), Expr.Variable("y"));
        return OfFormula(
            name,
            [x, y],
            formula(x, y),
            [domainX ?? Domain.Real, domainY ?? Domain.Real],
            byX is null ? null : FunctionalGrad.Elementwise.Partials(byX, byY!));
    }

    private static FormulaPrimitive OfFormula(string name, Variable[] operands, Expr formula, ImmutableArray<Domain> domains, Rule? rule)
    {
        // The formula's own derivative, found once; each use puts its operands into it.
        var partials = rule is null ? ReverseMode.Adjoints(TopologicalOrder.Of(formula), [formula], [1], operands) : [];
        return new(
            new()
            {
                Name = name,
                Formula = $"{formula}",
                Rule = rule ?? new Rule.Elementwise((node, operand) => partials[operand] is { } partial ? At(partial, node) : null),
                Domains = domains,
                MayBeInfinite = formula.Traits.HasFlag(ExprTraits.MayBeInfinite),
            },
            operands,
            formula);

        // Written over scalars, so made anew over tensors: every operation in it works entry by entry and broadcasts.
        Expr At(Expr partial, Application node)
        {
            var order = TopologicalOrder.Of(partial);
            var values = new Expr[order.Count];
            for (var i = 0; i < values.Length; i++)
            {
                if (order.Nodes[i] is not Application application)
                {
                    values[i] = order.Nodes[i] is Variable variable ? node.Input(Array.IndexOf(operands, variable)) : order.Nodes[i];
                    continue;
                }

                var inputs = new Expr[application.Inputs.Length];
                for (var k = 0; k < inputs.Length; k++)
                {
                    inputs[k] = values[order.InputsOf(i)[k]];
                }

                values[i] = application.Primitive.Apply(inputs);
            }

            return values[^1].BroadcastTo(node.Shape);
        }
    }
}
