using System.Linq.Expressions;

namespace FunctionalGrad;

/// <summary>An F# union, options among them: the case stays, its fields are walked.</summary>
internal sealed class UnionPart(UnionForm ofFormula, UnionForm ofNumbers, Type kind) : StructurePart(ofFormula.Type, ofNumbers.Type, kind)
{
    public override IEnumerable<(string Step, Type Formula, Type Numbers)> Inner =>
        ofNumbers.Cases.SelectMany((each, i) => each.Fields.Select((item, j) => (
            $"{(ofNumbers.Cases.Length > 1 ? $"({each.Name})" : "")}{StepTo(each, j)}", ofFormula.Cases[i].Fields[j].PropertyType, item.PropertyType)));

    public override Expression Read(Expression value, ParameterExpression sink)
    {
        var variable = Expression.Variable(value.Type);
        var cases = ofNumbers.Cases.Select((each, i) => (each.Tag, Body: (Expression)Expression.Block(
            typeof(void),
            [
                Marked(sink, each.Tag + 1),
                .. each.Fields.Select((field, j) => ReadInner(
                    ofFormula.Cases[i].Fields[j].PropertyType, field.PropertyType, Expression.Property(As(variable, field.DeclaringType!), field), sink)),
                Expression.Empty(),
            ])));
        return Expression.Block(
            typeof(void), [variable], Expression.Assign(variable, value), UnlessNull(variable, Marked(sink, 0), Switch(variable, cases, typeof(void))));
    }

    public override Expression Copy(Expression value, ParameterExpression source, bool toFormula)
    {
        var target = Target(toFormula);
        var variable = Expression.Variable(value.Type);
        var cases = ofNumbers.Cases.Select((each, i) => (each.Tag, Body: (Expression)Expression.Convert(
            Expression.Call(
                (toFormula ? ofFormula : ofNumbers).Cases[i].Maker,
                each.Fields.Select((field, j) => CopyInner(
                    ofFormula.Cases[i].Fields[j].PropertyType, field.PropertyType, Expression.Property(As(variable, field.DeclaringType!), field), source, toFormula))),
            target)));
        return Expression.Block(
            target, [variable], Expression.Assign(variable, value), UnlessNull(variable, Expression.Default(target), Switch(variable, cases, target)));
    }

    public override void List(object? value, string path, List<Entry> entries)
    {
        if (value is null)
        {
            entries.Add(new(path, null, false));
            return;
        }

        var its = ofNumbers.CaseOf(value);
        var place = Array.IndexOf(ofNumbers.Cases, its);
        entries.Add(new($"{path}.Case", its.Name, false));
        for (var i = 0; i < its.Fields.Length; i++)
        {
            List(
                ofFormula.Cases[place].Fields[i].PropertyType, its.Fields[i].PropertyType, Kind, its.Fields[i].GetValue(value), path + StepTo(its, i), entries);
        }
    }

    // The only field of a case is what its case is made of, and needs no name.
    private static string StepTo(UnionCase its, int field) => its.Fields.Length == 1 ? "" : $".{its.Fields[field].Name}";

    private static Expression As(Expression value, Type type) => value.Type == type ? value : Expression.Convert(value, type);

    private Expression Switch(Expression value, IEnumerable<(int Tag, Expression Body)> cases, Type type)
    {
        var all = cases.ToArray();
        if (ofNumbers.Tag is not { } tag)
        {
            return all[0].Body;
        }

        var number = tag.IsStatic ? Expression.Call(tag, value) : Expression.Call(value, tag);
        return Expression.Switch(
            type,
            number,
            all[^1].Body,
            null,
            all[..^1].Select(each => Expression.SwitchCase(each.Body, Expression.Constant(each.Tag))));
    }
}
