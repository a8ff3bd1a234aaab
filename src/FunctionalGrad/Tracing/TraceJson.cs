using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FunctionalGrad;

/// <summary>Traces as JSON.</summary>
public static class TraceJson
{
    /// <summary>The trace as JSON, on one line.</summary>
    /// <remarks>
    /// The schema, <c>functionalgrad-trace-1</c>:
    /// <code>
    /// { "schema": "functionalgrad-trace-1",
    ///   "nodes": [ { "id": 0, "kind": "variable" | "constant" | "application",
    ///                "label": "x" | "2" | "multiply",      name, number or operation
    ///                "text": "x · 2",                      the expression, abridged where it is large
    ///                "inputs": [ids],                      one for each operand, applications only
    ///                "value": TENSOR } ],                  inputs before users, ids from 0; the root is the last
    ///   "steps": [ { "node": id,                           the root's step first
    ///                "uses": [ { "user": id, "operand": 0, "contribution": "text", "value": TENSOR } ],
    ///                "adjoint": "text", "value": TENSOR } ],
    ///   "gradient": [ { "variable": id, "value": TENSOR } ] }
    /// </code>
    /// A TENSOR is a number where it is a scalar; <c>{ "shape": [2, 3], "values": [numbers] }</c>, row by row, where it has
    /// few entries; else <c>{ "shape", "norm", "least", "largest", "thumbnail": { "shape", "values" } }</c>, as in
    /// <see cref="TensorSummary"/>. Numbers have all their digits; those that JSON lacks are the texts "NaN", "Infinity" and
    /// "-Infinity". The map after step k holds the adjoints of steps 0 to k, so maps are not written out.
    /// </remarks>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="trace">The trace.</param>
    /// <param name="options">Which tensors are written in full.</param>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var json = (x * x).TraceGradient(Point.Of((x, 3.0))).ToJson();
    /// json.Contains("\"nodes\":[{\"id\":0,\"kind\":\"variable\",\"label\":\"x\",\"text\":\"x\",\"value\":3}");       // True
    /// json.EndsWith("\"gradient\":[{\"variable\":0,\"value\":6}]}");                                                // True
    /// </code></example>
    public static string ToJson<T>(this GradientTrace<T> trace, TraceOptions? options = null)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(trace);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            new Writer<T>(trace, options ?? new(), json).Write();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private sealed class Writer<T>(GradientTrace<T> trace, TraceOptions options, Utf8JsonWriter json)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        public void Write()
        {
            json.WriteStartObject();
            json.WriteString("schema", "functionalgrad-trace-1");
            json.WriteStartArray("nodes");
            for (var i = 0; i < trace.Order.Count; i++)
            {
                WriteNode(i);
            }

            json.WriteEndArray();
            json.WriteStartArray("steps");
            foreach (var step in trace.Steps)
            {
                WriteStep(step);
            }

            json.WriteEndArray();
            json.WriteStartArray("gradient");
            foreach (var (variable, value) in trace.Gradient)
            {
                json.WriteStartObject();
                json.WriteNumber("variable", trace.Order.PositionOf(variable));
                WriteTensor(value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        private void WriteNode(int position)
        {
            var node = trace.Order.Nodes[position];
            json.WriteStartObject();
            json.WriteNumber("id", position);
            json.WriteString("kind", node is Variable ? "variable" : node is Constant ? "constant" : "application");
            json.WriteString("label", node is Application { Primitive: var primitive } ? primitive.ToString() : node.ToString());
            json.WriteString("text", node.ToString());
            if (node is Application)
            {
                json.WriteStartArray("inputs");
                foreach (var input in trace.Order.InputsOf(position))
                {
                    json.WriteNumberValue(input);
                }

                json.WriteEndArray();
            }

            WriteTensor(trace.Values[position]);
            json.WriteEndObject();
        }

        private void WriteStep(TraceStep<T> step)
        {
            json.WriteStartObject();
            json.WriteNumber("node", trace.Order.PositionOf(step.Node));
            json.WriteStartArray("uses");
            foreach (var use in step.Uses)
            {
                json.WriteStartObject();
                json.WriteNumber("user", trace.Order.PositionOf(use.User));
                json.WriteNumber("operand", use.Operand);
                json.WriteString("contribution", use.Contribution.ToString());
                WriteTensor(use.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("adjoint", step.Adjoint.ToString());
            WriteTensor(step.AdjointValue);
            json.WriteEndObject();
        }

        private void WriteTensor(Tensor<T> tensor)
        {
            json.WritePropertyName("value");
            if (tensor.Shape.IsScalar)
            {
                WriteNumber(tensor.Values[0]);
                return;
            }

            json.WriteStartObject();
            WriteShape(tensor.Shape);
            if (tensor.Size <= options.FullUpTo)
            {
                WriteValues(tensor.Values);
            }
            else
            {
                var summary = TensorSummary.Of(tensor, options.ThumbnailSide);
                json.WritePropertyName("norm");
                WriteNumber(summary.Norm);
                json.WritePropertyName("least");
                WriteNumber(summary.Least);
                json.WritePropertyName("largest");
                WriteNumber(summary.Largest);
                json.WriteStartObject("thumbnail");
                WriteShape(summary.Thumbnail.Shape);
                WriteValues(summary.Thumbnail.Values);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        private void WriteShape(Shape shape)
        {
            json.WriteStartArray("shape");
            foreach (var extent in shape.Extents)
            {
                json.WriteNumberValue(extent);
            }

            json.WriteEndArray();
        }

        private void WriteValues<TNumber>(ReadOnlySpan<TNumber> values)
            where TNumber : struct, IBinaryFloatingPointIeee754<TNumber>
        {
            json.WriteStartArray("values");
            foreach (var value in values)
            {
                WriteNumber(value);
            }

            json.WriteEndArray();
        }

        // A float has fewer digits than the double that it is equal to.
        private void WriteNumber<TNumber>(TNumber number)
            where TNumber : struct, IBinaryFloatingPointIeee754<TNumber>
        {
            if (!TNumber.IsFinite(number))
            {
                json.WriteStringValue(TNumber.IsNaN(number) ? "NaN" : TNumber.IsNegative(number) ? "-Infinity" : "Infinity");
            }
            else if (number is float single)
            {
                json.WriteNumberValue(single);
            }
            else
            {
                json.WriteNumberValue(double.CreateChecked(number));
            }
        }
    }
}
