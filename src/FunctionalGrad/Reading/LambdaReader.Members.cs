using System.Linq.Expressions;

namespace FunctionalGrad;

/// <content>Fields and properties, entries of arrays, calls.</content>
internal sealed partial class LambdaReader
{
    private Meaning Field(MemberExpression member, Meaning? target)
    {
        switch (target)
        {
            case null:
                return new Meaning.Known(Closed.Field(member, null));
            case Meaning.Known { Value: IKnownFunction function } when function.Member(member.Member.Name) is { } graph:
                return graph;
            case Meaning.Known known:
                return new Meaning.Known(Closed.Field(member, known.Value));
            case Meaning.Parts parts when member.Member.Name is ['I', 't', 'e', 'm', var number]:
                return parts.Values[number - '1'];
            case Meaning.Number when Nullable.GetUnderlyingType(member.Expression!.Type) is not null && member.Member.Name == "Value":
                return target;
            default:
                throw Unreadable(member, $"{member.Member.Name} depends on the arguments and is no number");
        }
    }

    private Meaning Entry(Expression part, Meaning target, Meaning[] indices)
    {
        if (System.Array.Find(indices, index => index is not Meaning.Known) is not null)
        {
            throw Unreadable(part, "the index depends on the arguments", "use indices that are known when the lambda is read, or write the function over Expr with Gather");
        }

        object?[] known = [.. indices.Select(index => ((Meaning.Known)index).Value)];
        switch (target)
        {
            case Meaning.Entries entries when known is [int index]:
                return index >= 0 && index < entries.Values.Length ? new Meaning.Number(entries.Values[index]) : throw Unreadable(
                    part, $"the index {index} is outside of an array of {entries.Values.Length} numbers", "give Differentiate.Lambda the length that the array has");
            case Meaning.Known { Value: System.Array array }:
                try
                {
                    return new Meaning.Known(array.GetValue([.. known.Select(Convert.ToInt64)]));
                }
                catch (IndexOutOfRangeException problem)
                {
                    throw Unreadable(part, $"the index {string.Join(", ", known)} is outside of the array", "use an index that it has", problem);
                }

            case Meaning.Known { Value: var indexed } when part is IndexExpression { Indexer: { } indexer }:
                return new Meaning.Known(Closed.Called(part, () => indexer.GetValue(indexed, known)));
            default:
                throw Unreadable(part, "only arrays of numbers have entries here");
        }
    }

    private Meaning Made(NewExpression made, Meaning[] arguments)
    {
        if (TypeNames.IsTuple(made.Type))
        {
            return new Meaning.Parts([.. arguments]);
        }

        // A delegate around a lambda is that lambda.
        if (made.Type.IsAssignableTo(typeof(Delegate)) && arguments is [Meaning.Inner or Meaning.Graph])
        {
            return arguments[0];
        }

        return System.Array.TrueForAll(arguments, argument => argument is Meaning.Known) && made.Constructor is { } constructor
            ? new Meaning.Known(Closed.Called(made, () => constructor.Invoke([.. arguments.Select(argument => ((Meaning.Known)argument).Value)])))
            : throw Unreadable(made, $"a new {TypeNames.Of(made.Type)} that depends on the arguments is no number");
    }

    private Meaning Array(NewArrayExpression array, Meaning[] entries)
    {
        if (!System.Array.TrueForAll(entries, entry => entry is Meaning.Known))
        {
            return new Meaning.Entries([.. entries.Select((entry, i) => NumberOf(entry, array.Expressions[i]))]);
        }

        var known = System.Array.CreateInstance(array.Type.GetElementType()!, entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            known.SetValue(((Meaning.Known)entries[i]).Value, i);
        }

        return new Meaning.Known(known);
    }

    private void Method(MethodCallExpression call, Meaning? target, Meaning[] arguments)
    {
        var method = call.Method;
        switch (target)
        {
            // A tree that is compiled only to be called is as good as the lambda that it is of.
            case Meaning.Known { Value: LambdaExpression lambda } when method.Name == "Compile":
                Done(new Meaning.Inner(lambda, null));
                return;
            case Meaning.Known { Value: Delegate } or Meaning.Inner or Meaning.Graph when method.Name == "Invoke":
                Call(call, target, arguments);
                return;
            case Meaning.Entries when method.Name is "Get" or "GetValue":
                Done(Entry(call, target, arguments));
                return;
        }

        if (target is null or Meaning.Known && System.Array.TrueForAll(arguments, argument => argument is Meaning.Known))
        {
            object?[] known = [.. arguments.Select(argument => ((Meaning.Known)argument).Value)];
            Done(new Meaning.Known(Closed.Called(call, () => method.Invoke((target as Meaning.Known)?.Value, known))));
            return;
        }

        Done(target is null && MathFunctions.Has(method) ? Function(call, arguments) : throw Unreadable(
            call,
            target is not null ? $"{method.Name} is no function of numbers"
            : MathFunctions.IsHome(method.DeclaringType)
                ? $"{TypeNames.Of(method.DeclaringType!)}.{method.Name} has no derivative that would be of use"
                : $"the tree holds a call of {method.Name} and not what it does"));
    }

    private Meaning Function(MethodCallExpression call, Meaning[] arguments)
    {
        Expr[] operands = [.. arguments.Select((argument, i) =>
            argument is Meaning.Known { Value: Enum mode } ? Convert.ToInt32(mode) : NumberOf(argument, call.Arguments[i]))];
        var results = MathFunctions.Apply(call.Method, operands);
        return results switch
        {
            [var condition] when call.Type == typeof(bool) => new Meaning.Condition(condition),
            [var number] => new Meaning.Number(number),
            [] => throw Unreadable(call, "an argument of it must be known when the lambda is read, and within its range", "use a constant there"),
            _ => new Meaning.Parts([.. results.Select(result => new Meaning.Number(result))]),
        };
    }

    /// <summary>Calls something: a lambda inside is read with its arguments in place of its parameters.</summary>
    private void Call(Expression call, Meaning function, Meaning[] arguments)
    {
        switch (function)
        {
            case Meaning.Inner(var lambda, var scope):
                for (var i = 0; i < arguments.Length; i++)
                {
                    scope = new(lambda.Parameters[i], arguments[i], scope);
                }

                Later(lambda.Body, scope);
                break;
            case Meaning.Known { Value: LambdaExpression lambda }:
                Call(call, new Meaning.Inner(lambda, null), arguments);
                break;
            case Meaning.Graph graph:
                Done(Substituted(graph, call, arguments));
                break;
            case Meaning.Known { Value: Delegate known } when System.Array.TrueForAll(arguments, argument => argument is Meaning.Known):
                Done(new Meaning.Known(Closed.Called(call, () => known.DynamicInvoke([.. arguments.Select(argument => ((Meaning.Known)argument).Value)]))));
                break;
            default:
                throw Unreadable(
                    call, "a delegate holds machine code, and what it does cannot be read from it",
                    "hold the function as an Expression<Func<…>> and call f.Compile()(…), or " + CSharpText.Tracing);
        }
    }

    private Meaning Substituted(Meaning.Graph graph, Expression call, Meaning[] arguments)
    {
        var replacements = new Dictionary<Expr, Expr>();
        var parts = call is InvocationExpression invocation ? invocation.Arguments : ((MethodCallExpression)call).Arguments;
        if (arguments is [Meaning.Entries entries])
        {
            if (entries.Values.Length != graph.Arguments.Length)
            {
                throw Unreadable(call, $"the function is of {graph.Arguments.Length} numbers, and the array has {entries.Values.Length}", "make one for as many");
            }

            for (var i = 0; i < entries.Values.Length; i++)
            {
                replacements.Add(graph.Arguments[i], entries.Values[i]);
            }
        }
        else
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                replacements.Add(graph.Arguments[i], NumberOf(arguments[i], parts[i]));
            }
        }

        var results = Rewriting.Rewrite(graph.Results.AsSpan(), node => replacements.GetValueOrDefault(node, node));
        return results is [var only] ? new Meaning.Number(only) : new Meaning.Parts([.. results.Select(result => new Meaning.Number(result))]);
    }
}
