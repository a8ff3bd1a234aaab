using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <summary>
/// Named tensors and some text about them: the content of a safetensors file. An immutable value; equal ones are written as
/// equal bytes.
/// </summary>
/// <remarks>
/// <para>
/// The file: eight bytes that hold the length of the header, little-endian; the header, a JSON object from each name to
/// <c>{"dtype", "shape", "data_offsets"}</c>, where <c>__metadata__</c> maps text to text; then the numbers, row-major and
/// little-endian, without gaps. It holds no code, and any tool that knows the format reads it.
/// </para>
/// <para>
/// Numbers keep every bit, NaN payloads and the sign of zero included. F64 (<see cref="double"/>) and F32
/// (<see cref="float"/>) are read and written; a file with any other type is refused by the name of the tensor. The F64
/// tensors stand first, so that all numbers are aligned, and each type is in the order of names.
/// </para>
/// <para>
/// A file is checked in full before a tensor is allocated: whatever it claims, reading allocates no more than some multiple
/// of its length.
/// </para>
/// </remarks>
/// <example><code>
/// var saved = SafeTensors.Empty.With("w", Tensor.Of([1.0, 2])).With("b", Tensor.Scalar(3f)).WithMetadata("format", "demo");
/// saved;                                                // 2 tensors: w F64 [2], b F32 []
/// saved.ToBytes().Length;                               // 172
/// SafeTensors.Read(saved.ToBytes()).Get&lt;double>("w");    // [1, 2]
/// </code></example>
public sealed partial class SafeTensors : IEquatable<SafeTensors>
{
    private readonly ImmutableSortedDictionary<string, StoredTensor> _tensors;

    private SafeTensors(
        ImmutableSortedDictionary<string, StoredTensor> tensors, ImmutableSortedDictionary<string, string> metadata, string source)
    {
        _tensors = tensors;
        Metadata = metadata;
        Source = source;
    }

    /// <summary>No tensors and no text.</summary>
    public static SafeTensors Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, StoredTensor>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
        "this set of tensors");

    /// <summary>The text about the tensors, by key.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>The number of tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>The names of the tensors, in the order in which a file holds them: F64 before F32, each in order.</summary>
    public IEnumerable<string> Names => InFileOrder.Select(entry => entry.Key);

    /// <summary>Where the tensors are from, for errors.</summary>
    internal string Source { get; }

    private IEnumerable<KeyValuePair<string, StoredTensor>> InFileOrder =>
        _tensors.Where(entry => entry.Value.Type == ElementType.F64).Concat(_tensors.Where(entry => entry.Value.Type == ElementType.F32));

    /// <summary>These tensors and one more.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="name">Its name, which none of these has.</param>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="ArgumentException">The name is taken, is <c>__metadata__</c>, or is no Unicode text.</exception>
    /// <exception cref="NotSupportedException">The precision is neither double nor float.</exception>
    public SafeTensors With<T>(string name, Tensor<T> tensor)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        RequireText(name, nameof(name));
        ArgumentNullException.ThrowIfNull(tensor);
        if (name == SafeTensorsHeader.MetadataKey)
        {
            throw new ArgumentException($"a tensor cannot be called {name}: that is where the format keeps text; choose another name", nameof(name));
        }

        if (_tensors.TryGetValue(name, out var other))
        {
            throw new ArgumentException(
                $"the name {Quoted.Of(name)} is given twice, for tensors of shape {other.Shape} and {tensor.Shape}; a file keeps tensors by name, so give each its own",
                nameof(name));
        }

        return new(_tensors.Add(name, StoredTensor.Of(tensor)), Metadata, Source);
    }

    /// <summary>These tensors with one more line of text, added or replaced.</summary>
    /// <param name="key">What it is about.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">One of them is no Unicode text: it has half of a surrogate pair.</exception>
    public SafeTensors WithMetadata(string key, string text)
    {
        RequireText(key, nameof(key));
        RequireText(text, nameof(text));
        return new(_tensors, Metadata.SetItem(key, text), Source);
    }

    /// <summary>These tensors without one line of text; the same where there is none.</summary>
    /// <param name="key">What it is about.</param>
    public SafeTensors WithoutMetadata(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(_tensors, Metadata.Remove(key), Source);
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The tensor of a name.</summary>
    /// <typeparam name="T">Its precision. Nothing is rounded in passing: ask for what was stored, and convert with <see cref="Tensor{T}.To{TOther}"/>.</typeparam>
    /// <param name="name">The name.</param>
    /// <exception cref="CheckpointException">There is no such tensor, or it is of the other precision.</exception>
    public Tensor<T> Get<T>(string name)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(name);
        return _tensors.GetValueOrDefault(name) switch
        {
            StoredTensor.OfPrecision<T> stored => stored.Tensor,
            null => throw new CheckpointException($"{Source} has no tensor {Quoted.Of(name)}; it has {Listing()}"),
            { } other => throw new CheckpointException(
                $"{Source}: the tensor {Quoted.Of(name)} is {other.Type.Name}, which was asked for as {ElementType.Of<T>().Name}; read it as Get<{other.Type.Precision}>(…) and convert it with To<{ElementType.Of<T>().Precision}>()"),
        };
    }

    /// <summary>The shape of the tensor of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The shape, where there is such a tensor.</param>
    public bool TryGetShape(string name, [NotNullWhen(true)] out Shape? shape)
    {
        shape = _tensors.GetValueOrDefault(name)?.Shape;
        return shape is not null;
    }

    /// <summary>Whether both have the same tensors under the same names, bit for bit, and the same text.</summary>
    /// <param name="other">Other tensors.</param>
    public bool Equals(SafeTensors? other) =>
        other is not null && Count == other.Count && Metadata.SequenceEqual(other.Metadata)
        && _tensors.All(entry => other._tensors.TryGetValue(entry.Key, out var value) && entry.Value.BitEquals(value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SafeTensors);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _tensors.Aggregate(Metadata.Count, (hash, entry) => HashCode.Combine(hash, entry.Key, entry.Value.Shape));

    /// <summary>The names, types and shapes, abridged when there are many.</summary>
    public override string ToString() => Listing();

    private static void RequireText(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (!(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                throw new ArgumentException(
                    $"{Quoted.Of(text)} is not Unicode text: half of a surrogate pair stands alone in it, which no file can hold; give whole characters", parameter);
            }
        }
    }

    private string Listing()
    {
        const int shown = 10;
        var entries = string.Join(", ", InFileOrder.Take(shown).Select(entry => $"{entry.Key} {entry.Value.Type.Name} {entry.Value.Shape}"));
        return Count switch
        {
            0 => "no tensors",
            1 => $"1 tensor: {entries}",
            _ => $"{Count} tensors: {entries}{(Count > shown ? ", …" : "")}",
        };
    }
}
