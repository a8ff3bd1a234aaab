using System.Globalization;
using System.Text;

namespace FunctionalGrad;

/// <content>Printing.</content>
public sealed partial class Tensor<T>
{
    private const int ShownAtEachEnd = 3;
    private const int ShownInAll = 2000;

    /// <summary>
    /// The numbers in nested brackets. Long axes are abridged to their first and last three entries, and what comes after
    /// some 2000 characters is left out, so the text stays short for any tensor.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, axis: 0, offset: 0);
        return text.ToString();
    }

    // Recursion here is as deep as the rank of the tensor, never as deep as a graph.
    private void Append(StringBuilder text, int axis, int offset)
    {
        if (axis == Shape.Rank)
        {
            text.Append(Values[offset].ToString(null, CultureInfo.InvariantCulture));
            return;
        }

        var extent = Shape[axis];
        var stride = Shape.Strides()[axis];
        var abridged = extent > (2 * ShownAtEachEnd) + 1;
        text.Append('[');
        for (var i = 0; i < extent; i++)
        {
            if (abridged && i == ShownAtEachEnd)
            {
                text.Append(", …");
                i = extent - ShownAtEachEnd;
            }

            if (i > 0)
            {
                text.Append(", ");
            }

            // Many short axes make a long text too.
            if (text.Length > ShownInAll)
            {
                text.Append('…');
                break;
            }

            Append(text, axis + 1, offset + (i * stride));
        }

        text.Append(']');
    }
}
