using System.Linq.Expressions;
using System.Reflection;

namespace FunctionalGrad;

/// <summary>A record, a tuple, or another type whose constructor and settable members take everything that it holds.</summary>
internal sealed class RecordPart : StructurePart
{
    private readonly RecordForm _ofFormula;
    private readonly RecordForm _ofNumbers;
    private readonly (string Name, Type Formula, Type Numbers, MemberInfo Getter)[] _members;

    public RecordPart(RecordForm ofFormula, RecordForm ofNumbers, Type kind)
        : base(ofFormula.Type, ofNumbers.Type, kind)
    {
        (_ofFormula, _ofNumbers) = (ofFormula, ofNumbers);
        _members =
        [
            .. ofNumbers.Members.Select(member => (
                member.Name,
                RecordForm.TypeOf(ofFormula.Members.Single(other => other.Name == member.Name)),
                RecordForm.TypeOf(member),
                member)),
        ];
    }

    public override IEnumerable<(string Step, Type Formula, Type Numbers)> Inner =>
        _members.Select(member => ($".{member.Name}", member.Formula, member.Numbers));

    public override Expression Read(Expression value, ParameterExpression sink)
    {
        var absent = Marked(sink, 0);
        var reads = _members.Select(member => ReadInner(member.Formula, member.Numbers, Expression.MakeMemberAccess(value, member.Getter), sink));
        return UnlessNull(value, absent, Expression.Block(typeof(void), reads.Append(Expression.Empty())));
    }

    public override Expression Copy(Expression value, ParameterExpression source, bool toFormula)
    {
        var form = toFormula ? _ofFormula : _ofNumbers;

        // Leaves come in the order of the members, whatever the order in which a constructor takes them.
        var copies = _members.ToDictionary(member => member.Name, member => Expression.Variable(toFormula ? member.Formula : member.Numbers, member.Name));
        var body = _members.Select(Expression (member) => Expression.Assign(
            copies[member.Name], CopyInner(member.Formula, member.Numbers, Expression.MakeMemberAccess(value, member.Getter), source, toFormula)));
        var made = form.Constructor is null ? Expression.New(form.Type)
            : Expression.New(form.Constructor, form.ByConstructor.Select(member => copies[member.Name]));
        Expression whole = form.BySetter.Length == 0 ? made
            : Expression.MemberInit(made, form.BySetter.Select(member => Expression.Bind(member, copies[member.Name])));
        return UnlessNull(
            value,
            Expression.Default(form.Type),
            Expression.Block(form.Type, copies.Values, body.Append(whole)));
    }

    public override void List(object? value, string path, List<Entry> entries)
    {
        if (value is null)
        {
            entries.Add(new(path, null, false));
            return;
        }

        foreach (var member in _members)
        {
            var inner = member.Getter is PropertyInfo property ? property.GetValue(value) : ((FieldInfo)member.Getter).GetValue(value);
            List(member.Formula, member.Numbers, Kind, inner, $"{path}.{member.Name}", entries);
        }
    }
}
