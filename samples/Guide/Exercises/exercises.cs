#:project ../../../src/FunctionalGrad/FunctionalGrad.csproj

// Exercises to the guide, for a class. Run them with
//
//     dotnet run samples/Guide/Exercises/exercises.cs
//
// Each one holds as it stands. For a class, take out what stands between "your turn" and "until here", let the class write
// it again, and run: a line says of each exercise whether it holds.

using FunctionalGrad;
using static FunctionalGrad.Expr;

var held = 0;
var failed = 0;

// 1. An expression is a value (page 1). Evaluate one expression at two points: it does not change.
{
    var (x, y) = (Variable("x"), Variable("y"));
    Expr a = x * y;
    var b = a * Sin(a);
    // your turn: the values of b at (2, 0.5) and at (0, 7)
    var first = b.Evaluate(Point.Of((x, 2.0), (y, 0.5))).ToScalar();
    var second = b.Evaluate(Point.Of((x, 0.0), (y, 7.0))).ToScalar();
    // until here
    Check("1. one expression, two values", first == Math.Sin(1) && second == 0);
}

// 2. A derivative for each operation (page 2). Give an operation of your own its derivative.
{
    // your turn: the partial of x / (1 + |x|), from its value y
    var softsign = Primitive.Elementwise("softsign", x => x / (1 + Abs(x)), (x, y) => (1 - Abs(y)).Square());
    // until here
    var x = Variable("x");
    var slope = softsign.Apply(x).Gradient()[x];
    Check("2. the slope of softsign at 0, 1 and −3", new[] { 0.0, 1, -3 }.All(at => Near(slope.Evaluate(Point.Of((x, at))).ToScalar(), 1 / ((1 + Math.Abs(at)) * (1 + Math.Abs(at))))));
}

// 3. Push and mutate (page 3). The tutorials' pass, with cells.
{
    var a = Variable("a");
    Expr b = a + a;
    var c = b + b;
    var cells = TopologicalOrder.Of(c).Nodes.ToArray().ToDictionary(node => node, _ => 0.0);
    cells[c] = 1;
    foreach (var node in TopologicalOrder.Of(c).Nodes.ToArray().Reverse().OfType<Application>())
    {
        for (var operand = 0; operand < node.Inputs.Length; operand++)
        {
            // your turn: an addition has the partial 1 by each operand
            cells[node.Input(operand)] += 1 * cells[node];
            // until here
        }
    }

    Check("3. pushed: a ↦ 4", cells[a] == 4);
}

// 4. Pull and sum (page 4). No cells: the adjoint of a node is a sum over its uses.
{
    var a = Variable("a");
    Expr b = a + a;
    var c = b + b;
    Expr[] nodes = [.. TopologicalOrder.Of(c).Nodes];

    // your turn
    double Adjoint(Expr v) => v == c
        ? 1
        : nodes.OfType<Application>().Sum(u => u.Inputs.ToArray().Count(input => input == v) * Adjoint(u));
    // until here

    Check("4. pulled: a ↦ 4, and so says the library", Adjoint(a) == 4 && c.Gradient().Evaluate(Point.Of((a, 1.0)))[a].ToScalar() == 4);
}

// 5. A gradient is a map (page 5). The map of a batch is the sum of the maps of its examples.
{
    var (w, b) = (Variable("w"), Variable("b"));
    Expr Loss(double x, double y) => ((w * x) + b - y).Square();
    var at = Point.Of((w, 0.5), (b, 0.0));
    // your turn
    var sum = Loss(1, 2).Gradient().Evaluate(at) + Loss(3, 1).Gradient().Evaluate(at);
    // until here
    Check("5. two examples make a batch", sum.Equals((Loss(1, 2) + Loss(3, 1)).Gradient().Evaluate(at)));
}

// 6. Time travel (page 6). A gradient is NaN. Which is the first step of the pass whose adjoint is not a number?
{
    var x = Variable("x");
    Expr root = Sqrt(x);
    var loss = root * 0;
    var trace = loss.TraceGradient(Point.Of((x, 0.0)));
    // your turn
    var first = trace.First(step => double.IsNaN(step.AdjointValue.ToScalar()));
    // until here
    Check("6. 0 times an infinite slope is no number", first.Node == x && first.Before[root].ToScalar() == 0);
}

// 7. Training is a fold (page 7). Find the root of 2 as the least point of (w² − 2)², and keep every state.
{
    var w = Variable("w");
    var gradient = (w.Square() - 2).Square().Gradient();
    List<Point<double>> states = [Point.Of((w, 1.0))];
    for (var k = 0; k < 60; k++)
    {
        // your turn: one step, with the rate 0.05
        states.Add(states[^1] - (0.05 * gradient.Evaluate(states[^1])));
        // until here
    }

    Check("7. sixty steps to √2, and the first state is still 1", Near(states[^1][w].ToScalar(), Math.Sqrt(2)) && states[0][w].ToScalar() == 1);
}

// 8. The derivative of a derivative (page 9). sin differentiated four times is sin.
{
    var x = Variable("x");
    // your turn
    var fourth = Enumerable.Range(0, 4).Aggregate((Expr)Sin(x), (f, _) => f.Gradient(x)[x].Simplify());
    // until here
    Check("8. four derivatives of sin make sin", Near(fourth.Evaluate(Point.Of((x, 0.7))).ToScalar(), Math.Sin(0.7)));
}

Console.WriteLine($"{held} of {held + failed} hold");
return failed == 0 ? 0 : 1;

void Check(string exercise, bool holds)
{
    Console.WriteLine($"{(holds ? "holds" : "fails")}  {exercise}");
    held += holds ? 1 : 0;
    failed += holds ? 0 : 1;
}

static bool Near(double left, double right) => Math.Abs(left - right) < 1e-9;
