using System.Collections.Immutable;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>The model of a hand with its measured points, and how the surface follows from the pose.</summary>
internal sealed class Hand
{
    private const int Parameters = 26;
    private const int Bones = 22;

    private readonly ImmutableArray<int> _parents;
    private readonly bool _isMirrored;
    private readonly Variable _relatives = Expr.Variable("base relatives", [Bones, 4, 4]);
    private readonly Variable _inverses = Expr.Variable("inverse base absolutes", [Bones, 4, 4]);
    private readonly Variable _positions;
    private readonly Variable _weights;
    private readonly Variable _triangles;
    private readonly Variable _correspondences;
    private readonly Variable _points;

    public Hand(Argument input)
    {
        var (data, model) = (input["data"], input["data"]["model"]);
        var (vertices, triangles) = (model["base_positions"].Count(), model["triangles"].Tensor(-1, 3));
        Count = data["correspondences"].Count();
        _isMirrored = model["is_mirrored"].Flag();
        _parents = Parents(model["parents"].Tensor(Bones));
        _positions = Expr.Variable("base positions", [vertices, 4]);
        _weights = Expr.Variable("weights", [vertices, Bones]);
        _triangles = Expr.Variable("triangles", triangles.Shape);
        _correspondences = Expr.Variable("correspondences", [Count]);
        _points = Expr.Variable("points", [Count, 3]);
        At = Point.Of(
            (Pose, input["theta"].Tensor(Parameters)), Given(_relatives, model["base_relatives"]),
            Given(_inverses, model["inverse_base_absolutes"]), Given(_positions, model["base_positions"]),
            Given(_weights, model["weights"]), (_triangles, triangles), Given(_correspondences, data["correspondences"]),
            Given(_points, data["points"]));
        if (input["us"].Count() > 0)
        {
            Places = Expr.Variable("us", [Count, 2]);
            At = At.With(Places, input["us"].Tensor(Count, 2));
        }
    }

    public Variable Pose { get; } = Expr.Variable("θ", [Parameters]);

    /// <summary>Where in its triangle each point belongs; none where points belong to vertices.</summary>
    public Variable? Places { get; }

    /// <summary>How many points there are.</summary>
    public int Count { get; }

    public Point<double> At { get; }

    /// <summary>The points less where the surface has them, [points, 3].</summary>
    public Expr Errors(Expr pose, Expr? places)
    {
        var surface = Surface(pose);
        if (places is null)
        {
            return _points - surface.Gather(_correspondences);
        }

        Expr[] u = [places.Slice(.., 0..1), places.Slice(.., 1..2)];
        var shares = Expr.Concatenate([u[0], u[1], 1 - u[0] - u[1]], axis: 1);
        var corners = surface.Gather(_triangles.Gather(_correspondences));
        return _points - Expr.Einsum("pc,pcx->px", shares, corners);
    }

    // Every vertex goes where the bones take it, each bone by the vertex's weight for it; then the whole hand turns, which
    // the first three parameters say, and moves, which the next three say. [vertices, 3]
    private Expr Surface(Expr pose)
    {
        var weighted = _weights.Reshape([_weights.Shape[0], Bones, 1]) * _positions.Reshape([_weights.Shape[0], 1, 4]);
        var local = Expr.Einsum("vbk,bxk->vx", weighted, Transforms(pose).Slice(.., 0..3, ..));
        if (_isMirrored)
        {
            Expr mirror = Tensor.Of(-1.0, 1, 1);
            local *= mirror;
        }

        return local.MatMul(Turn(pose.Slice(0..3)).Transpose()) + pose.Slice(3..6);
    }

    // What each bone does to the vertices that follow it, [bones, 4, 4]: its place in the pose after its place in the model.
    private Expr Transforms(Expr pose)
    {
        var turned = _relatives.MatMul(Homogeneous(Joints(pose)));
        var absolutes = new Expr[Bones];
        for (var bone = 0; bone < Bones; bone++)
        {
            absolutes[bone] = _parents[bone] < 0 ? turned.At(bone) : absolutes[_parents[bone]].MatMul(turned.At(bone));
        }

        return Expr.Stack(absolutes).MatMul(_inverses);
    }

    // How far each bone turns on its parent, [bones, 3, 3]: about z, then y, then x. Of every finger three bones bend, and
    // the first goes sideways too.
    private static Expr Joints(Expr pose)
    {
        Expr none = Expr.Zeros([1]);
        var padded = Expr.Concatenate([pose, none]);
        var (bending, sideways) = (new double[Bones], new double[Bones]);
        bending.AsSpan().Fill(Parameters);
        sideways.AsSpan().Fill(Parameters);
        for (var finger = 0; finger < 5; finger++)
        {
            var (bone, parameter) = (2 + (4 * finger), 6 + (4 * finger));
            (bending[bone], sideways[bone], bending[bone + 1], bending[bone + 2]) = (parameter, parameter + 1, parameter + 2, parameter + 3);
        }

        Expr ofX = Tensor.Of<double>(bending);
        Expr ofZ = Tensor.Of<double>(sideways);
        var (zero, one) = (Expr.Zeros([Bones]), Expr.Full([Bones], 1));
        var (x, y, z) = (padded.Gather(ofX), zero, padded.Gather(ofZ));
        var aboutX = Matrices(one, zero, zero, zero, Expr.Cos(x), -Expr.Sin(x), zero, Expr.Sin(x), Expr.Cos(x));
        var aboutY = Matrices(Expr.Cos(y), zero, Expr.Sin(y), zero, one, zero, -Expr.Sin(y), zero, Expr.Cos(y));
        var aboutZ = Matrices(Expr.Cos(z), -Expr.Sin(z), zero, Expr.Sin(z), Expr.Cos(z), zero, zero, zero, one);
        return aboutZ.MatMul(aboutY).MatMul(aboutX);

        static Expr Matrices(params Expr[] entries) => Expr.Stack(entries, axis: 1).Reshape([Bones, 3, 3]);
    }

    // Rotations in three dimensions as matrices of four.
    private static Expr Homogeneous(Expr rotations)
    {
        Expr corner = Tensor.Generate([4, 4], at => at == 15 ? 1.0 : 0.0);
        return rotations.Pad([0, 0, 0], [0, 1, 1]) + corner;
    }

    // About an axis, by an angle as large as the axis is long; not at all where that is next to nothing. [3, 3]
    private static Expr Turn(Expr rotation)
    {
        var angle = rotation.Norm();
        var axis = rotation / angle;
        var (x, y, z) = (axis.At(0), axis.At(1), axis.At(2));
        var (s, c) = (Expr.Sin(angle), Expr.Cos(angle));
        var turn = Expr.Stack(
        [
            (x * x) + ((1 - (x * x)) * c), (x * y * (1 - c)) - (z * s), (x * z * (1 - c)) + (y * s),
            (x * y * (1 - c)) + (z * s), (y * y) + ((1 - (y * y)) * c), (y * z * (1 - c)) - (x * s),
            (x * z * (1 - c)) - (y * s), (z * y * (1 - c)) + (x * s), (z * z) + ((1 - (z * z)) * c),
        ]).Reshape([3, 3]);
        Expr identity = Tensor.Generate([3, 3], at => at % 4 == 0 ? 1.0 : 0.0);
        return Expr.Select(angle < 1e-4, identity, turn);
    }

    private static (Variable Variable, Tensor<double> Value) Given(Variable variable, Argument argument) =>
        (variable, argument.Tensor(variable.Shape.Extents));

    private static ImmutableArray<int> Parents(Tensor<double> parents)
    {
        for (var bone = 0; bone < Bones; bone++)
        {
            var parent = parents[bone];
            if (parent < -1 || parent >= bone || parent != Math.Floor(parent))
            {
                throw new RequestException($"data.model.parents: bone {bone} has parent {parent:R}; a parent comes before its bones, and −1 stands for none");
            }
        }

        return [.. parents.Values.ToArray().Select(parent => (int)parent)];
    }
}
