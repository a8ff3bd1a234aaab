namespace FunctionalGrad;

/// <content>
/// What the forward loop keeps for the way back. From the states before each step all of the step can be computed anew; where
/// the way back asks for few of the values on the way, and those take more to compute than to read, they are kept instead.
/// </content>
internal sealed partial class Recurrence
{
    // Less than this goes through registers, and is computed before it could be read.
    private const int FewestKept = 256;

    // How many numbers all steps keep: as many as stay in the caches of a core. Where the values of one step alone do not, taking
    // it anew costs what reading them does, and more may be kept.
    private const int MostKept = 1 << 19;
    private const int LargeStep = 1 << 17;
    private const int MostKeptOfLarge = 1 << 24;

    // How much more than the states: the memory of a loop is that of its states.
    private const int MostTimesStates = 4;

    /// <summary>The values of a step that its adjoints ask for, where they are worth keeping, with the items that stand for them.</summary>
    private Dictionary<Expr, Variable> WorthKeeping(Expr?[] adjoints)
    {
        var order = TopologicalOrder.Of([.. adjoints.OfType<Expr>()]);
        var varies = Body.Order.DependingOn(Body.Parameters[..(Form.States + Form.Sequences)]);
        var (items, met) = (new Dictionary<Expr, Variable>(), new HashSet<Expr>());
        var (asked, states, work) = (0L, 0L, 0L);
        for (var i = 0; i < order.Count; i++)
        {
            var node = order.Nodes[i];
            if (IsOfStep(node))
            {
                work += node is Application { Primitive: ElementwisePrimitive or Contraction } ? node.Shape.Size : 0;
                states += IsState(node) ? node.Shape.Size : 0;
                if (Array.IndexOf(adjoints, node) >= 0)
                {
                    Ask(node);
                }
            }
            else
            {
                foreach (var input in order.InputsOf(i))
                {
                    if (IsOfStep(order.Nodes[input]))
                    {
                        Ask(order.Nodes[input]);
                    }
                }
            }
        }

        var most = asked >= LargeStep ? MostKeptOfLarge : MostKept;
        var fits = asked >= FewestKept && asked <= MostTimesStates * states && asked * Form.Length <= most;
        return fits && work >= 2 * (asked - states) ? items : [];

        bool IsOfStep(Expr node) => Body.Order.Contains(node) && varies[Body.Order.PositionOf(node)];

        bool IsState(Expr node) => node is Variable variable && Body.Parameters.IndexOf(variable) < Form.States;

        void Ask(Expr node)
        {
            if (met.Add(node) && (node is Application || IsState(node)))
            {
                asked += node.Shape.Size;
                if (node is Application)
                {
                    items.Add(node, Expr.Variable($"v{items.Count}", node.Shape));
                }
            }
        }
    }

    /// <summary>Expressions in which items stand for values of the step.</summary>
    private static Expr?[] Given(Expr?[] expressions, Dictionary<Expr, Variable> items)
    {
        if (items.Count == 0)
        {
            return expressions;
        }

        Expr[] present = [.. expressions.OfType<Expr>()];
        var order = TopologicalOrder.Of(present);
        var rewritten = new Queue<Expr>(Rewriting.Rewrite(
            order, present, (position, rebuilt, _) => items.TryGetValue(order.Nodes[position], out var item) ? item : rebuilt));
        return Array.ConvertAll(expressions, expression => expression is null ? null : rewritten.Dequeue());
    }

    /// <summary>
    /// The loop with the states that some expressions use and the given values kept: the states before each step, and with each
    /// item the sequence of what it stands for.
    /// </summary>
    private Expr Keeping(
        Application node, Expr?[] users, Dictionary<Expr, Variable> items, out Expr?[] states, out (Variable Item, Expr Sequence)[] sequences)
    {
        (states, sequences) = (new Expr?[Form.States], []);
        var order = TopologicalOrder.Of([.. users.OfType<Expr>()]);
        var kept = Enumerable.Range(0, Form.States).Where(i => order.Contains(Body.Parameters[i])).ToArray();
        if (IsOneStep)
        {
            foreach (var i in kept)
            {
                states[i] = node.Input(i).Reshape(Form.Stacked(Body.Parameters[i].Shape));
            }

            return node;
        }

        if (kept.Length == 0 && items.Count == 0)
        {
            return node;
        }

        Expr[] results = [.. Body.Results, .. kept.Select(i => Body.Parameters[i]), .. items.Keys];
        var keeping = new Recurrence(Form, new(Body.Parameters, results), Condition);
        var again = keeping.Apply(node.Inputs);
        var next = FirstState + Body.Results.Length;
        foreach (var i in kept)
        {
            states[i] = keeping.Result(again, next++);
        }

        sequences = [.. items.Values.Select(item => (item, keeping.Result(again, next++)))];
        return again;
    }
}
