using System.Text.Json.Nodes;

namespace FunctionalGrad.Tests.Samples;

/// <summary>A hand of a few vertices, with numbers of no meaning.</summary>
internal sealed class SmallHand
{
    private const int Bones = 22;
    private const int Vertices = 6;
    private const int Count = 4;

    private static readonly double[] Correspondences = [0, 1, 1, 0];

    private readonly Random _random = new(3);
    private readonly double[] _positions;
    private readonly double[] _weights;
    private readonly double[] _points;
    private readonly double[] _relatives;
    private readonly double[] _inverses;

    public SmallHand(bool complicated)
    {
        (Pose, _points, _weights) = (Some(26), Some(3 * Count), Some(Vertices * Bones));
        _positions = [.. Some(4 * Vertices).Select((number, i) => i % 4 == 3 ? 1 : number)];
        (_relatives, _inverses) = (Matrices(), Matrices());
        Places = complicated ? Some(2 * Count) : [];
    }

    public double[] Pose { get; }

    public double[] Places { get; }

    public double[] Moved(int component, double by) => [.. Places.Select((place, i) => i % 2 == component ? place + by : place)];

    public JsonNode Input(double[] pose, double[] places) => Input(pose, places, _relatives, _inverses);

    public JsonNode WithStillBones(double[] pose)
    {
        double[] identities = [.. Enumerable.Range(0, 16 * Bones).Select(i => i % 16 % 5 == 0 ? 1.0 : 0.0)];
        return Input(pose, [], identities, identities);
    }

    /// <summary>What every vertex is where no bone turns: its position times the sum of its weights, moved.</summary>
    public double[] ErrorsOfStillBones(double[] moved) =>
    [
        .. Enumerable.Range(0, 3 * Count).Select(i =>
        {
            var (vertex, axis) = ((int)Correspondences[i / 3], i % 3);
            return _points[i] - (_positions[(4 * vertex) + axis] * _weights.AsSpan(vertex * Bones, Bones).ToArray().Sum()) - moved[axis];
        }),
    ];

    private static JsonObject InputOf(double[] pose, double[] places, JsonObject model, double[] points) => new()
    {
        ["theta"] = Array(pose),
        ["us"] = Array(places, 2),
        ["data"] = new JsonObject { ["model"] = model, ["correspondences"] = Array(Correspondences), ["points"] = Array(points, 3) },
    };

    private static JsonArray Array(double[] numbers, params int[] extents) => extents.Length == 0
        ? [.. numbers.Select(number => JsonValue.Create(number))]
        : [.. numbers.Chunk(extents.Aggregate((a, b) => a * b)).Select(part => Array(part, extents[1..]))];

    private JsonNode Input(double[] pose, double[] places, double[] relatives, double[] inverses) => InputOf(
        pose, places,
        new JsonObject
        {
            ["bone_count"] = Bones,
            ["bone_names"] = new JsonArray("wrist"),
            ["is_mirrored"] = false,
            ["parents"] = Array([-1, .. Enumerable.Range(1, Bones - 1).Select(bone => bone % 4 == 1 ? 0.0 : bone - 1)]),
            ["base_relatives"] = Array(relatives, 4, 4),
            ["inverse_base_absolutes"] = Array(inverses, 4, 4),
            ["base_positions"] = Array(_positions, 4),
            ["weights"] = Array(_weights, Bones),
            ["triangles"] = Array([0, 2, 4, 5, 3, 1], 3),
        },
        _points);

    private double[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.NextDouble() - 0.3)];

    // Near the identity, their last row that of a motion.
    private double[] Matrices() =>
        [.. Some(16 * Bones).Select((number, i) => i % 16 >= 12 ? (i % 16 == 15 ? 1 : 0) : (0.2 * number) + (i % 16 % 5 == 0 ? 1 : 0))];
}
