using System.Text;

namespace FunctionalGrad;

/// <summary>
/// The text that a debugger or a log shows: whole where the expression is small, cut where it is not. Takes no longer for
/// a graph of a million nodes than for one of a thousand, so that looking at an expression is never what hangs.
/// </summary>
internal static class Abridged
{
    private const int WholeUpTo = 60;
    private const int InlineUpTo = 100;
    private const int CountUpTo = 1000;
    private const int ShownWhenCut = 25;
    private const int ShownInPhrase = 6;
    private const int LongestPhrase = 80;
    private const int OperandsShownWhenCut = 3;

    /// <summary>The text of an expression.</summary>
    public static string Text(Expr root)
    {
        var text = new StringBuilder();
        var nodes = Reach(root, CountUpTo, out var complete);
        var names = new VariableNames(nodes.ToArray());
        if (!complete || nodes.Count > WholeUpTo)
        {
            var depth = DepthWithin(root, ShownWhenCut);
            Infix.Append(text, root, names, (_, below) => below > depth ? "…" : null, OperandsShownWhenCut);
            return text.Append(complete ? $" ({nodes.Count} nodes)" : $" (more than {CountUpTo} nodes)").ToString();
        }

        if (InlineSize(root) <= InlineUpTo)
        {
            Infix.Append(text, root, names, (_, _) => null);
            return text.ToString();
        }

        var program = new ProgramText([root]);
        program.AppendLets(text, "; ");
        program.AppendRoot(text, root);
        return text.ToString();
    }

    /// <summary>
    /// The text of an expression as a part of a sentence: the few operations next to the root, in at most
    /// <see cref="LongestPhrase"/> characters.
    /// </summary>
    public static string Phrase(Expr root)
    {
        var text = new StringBuilder();
        var nodes = Reach(root, ShownInPhrase * OperandsShownWhenCut, out _);
        var depth = DepthWithin(root, ShownInPhrase);
        Infix.Append(text, root, new VariableNames(nodes.ToArray()), (_, below) => below > depth ? "…" : null, OperandsShownWhenCut);
        return text.Length <= LongestPhrase ? text.ToString() : text.ToString(0, LongestPhrase - 1) + "…";
    }

    /// <summary>The nodes below a root, until there are too many or the edges to look at are.</summary>
    private static HashSet<Expr> Reach(Expr root, int limit, out bool complete)
    {
        var found = new HashSet<Expr> { root };
        var open = new Queue<Expr>([root]);
        var edges = 0;
        while (open.TryDequeue(out var node))
        {
            if (node is not Application application)
            {
                continue;
            }

            foreach (var input in application.Inputs)
            {
                if (++edges > 4 * limit || (found.Count == limit && !found.Contains(input)))
                {
                    complete = false;
                    return found;
                }

                if (found.Add(input))
                {
                    open.Enqueue(input);
                }
            }
        }

        complete = true;
        return found;
    }

    /// <summary>How many operands and operations the text has when nothing gets a name.</summary>
    private static double InlineSize(Expr root)
    {
        var order = TopologicalOrder.Of(root);
        var size = new double[order.Count];
        for (var i = 0; i < size.Length; i++)
        {
            size[i] = Infix.Shown(order.Nodes[i]) == order.Nodes[i] ? 1 : 0;
            foreach (var input in order.InputsOf(i))
            {
                size[i] += size[input];
            }
        }

        return size[^1];
    }

    /// <summary>How many levels below the root fit into a number of applications, each counted where it is printed.</summary>
    private static int DepthWithin(Expr root, int limit)
    {
        List<Application> level = Infix.Shown(root) is Application application ? [application] : [];
        var printed = level.Count;
        for (var depth = 0; ; depth++)
        {
            List<Application> next = [];
            foreach (var node in level)
            {
                foreach (var input in node.Inputs[..Math.Min(node.Inputs.Length, OperandsShownWhenCut)])
                {
                    if (Infix.Shown(input) is Application below)
                    {
                        next.Add(below);
                    }
                }
            }

            printed += next.Count;
            if (printed > limit || next.Count == 0)
            {
                return depth;
            }

            level = next;
        }
    }
}
