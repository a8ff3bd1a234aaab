using System.Globalization;
using System.Xml.Linq;
using FunctionalGrad.Samples;
using FunctionalGrad.Samples.CurveFit;
using FunctionalGrad.Tests.Architecture;
using FunctionalGrad.Tests.Solvers;
using Xunit;

namespace FunctionalGrad.Tests.Samples;

public sealed class CurveFitTests : IDisposable
{
    private const double DigitsWanted = 8;

    private readonly string _folder = Directory.CreateTempSubdirectory("functionalgrad").FullName;

    public static TheoryData<string> NistFiles =>
        ["BoxBOD", "Chwirut2", "DanWood", "Eckerle4", "Hahn1", "MGH09", "Misra1a", "Rat42"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Certified_values_are_found_from_both_starts(int set) => RequireCertified(NistSets.All[set]);

    [Theory]
    [MemberData(nameof(NistFiles))]
    public void Certified_values_of_the_files_are_found_from_both_starts(string name)
    {
        var path = Repository.At("..", "shared", "data", "nist", name + ".dat");
        Assert.SkipUnless(File.Exists(path), $"there is no {path}");
        var nist = NistFile.Read(path);
        Assert.Equal(name, nist.Name);
        RequireCertified(nist);
        if (NistSets.All.FirstOrDefault(set => set.Name == name) is { } typed)
        {
            Assert.Equal((typed.Model, typed.StandardDeviation, typed.DegreesOfFreedom, typed.Data), (nist.Model, nist.StandardDeviation, nist.DegreesOfFreedom, nist.Data));
            Assert.Equal(typed.Parameters, nist.Parameters);
        }
    }

    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("-x^2", -4)]
    [InlineData("2^3^2", 512)]
    [InlineData("2**-1", 0.5)]
    [InlineData("-x**3 / 2 - -1", -3)]
    [InlineData("[x + 1] * (x - 1)", 3)]
    [InlineData("1.5e2 + .5", 150.5)]
    [InlineData("2e-1*x", 0.4)]
    [InlineData("x^0.5 * sqrt(x)", 2)]
    [InlineData("exp(log(x)) + sin(pi)", 2)]
    [InlineData("maximum(x, 3) + erf[0]", 3)]
    [InlineData("(0-x)^3", -8)]
    public void A_formula_means_what_it_says(string text, double value) =>
        Assert.Equal(value, Formula.Read(text, name => name == "x" ? 2.0 : null).Evaluate().ToScalar(), 1e-14);

    [Theory]
    [InlineData("", "formula “”, at its end: expected a number, a name or a parenthesis")]
    [InlineData("1 +", "formula “1 +”, at its end: expected a number, a name or a parenthesis")]
    [InlineData("2 x", "formula “2 x”, character 3, “x”: expected an operator or the end")]
    [InlineData("(x", "formula “(x”, at its end: expected “)”")]
    [InlineData("[x)", "formula “[x)”, character 3, “)”: expected “]”")]
    [InlineData("x + c", "formula “x + c”, character 5, “c”: there is no “c”; give it a start value with --start c=…")]
    [InlineData("exp x", "formula “exp x”, character 1, “e”: exp is a function; write exp(…)")]
    [InlineData("exp(x, x)", "formula “exp(x, x)”, character 1, “e”: exp takes 1 argument, not 2")]
    [InlineData("1.2.3", "formula “1.2.3”, character 1, “1”: “1.2.3” is not a number")]
    [InlineData("x $ 2", "formula “x $ 2”, character 3, “$”: expected an operator or the end")]
    public void What_is_no_formula_is_said_with_its_place(string text, string says) =>
        Assert.Equal(says, Assert.Throws<UserErrorException>(() => Formula.Read(text, name => name == "x" ? 2.0 : null)).Message);

    [Fact]
    public void Deep_nesting_is_refused_before_it_hurts()
    {
        var text = new string('(', 100_000) + "x" + new string(')', 100_000);
        Assert.Contains("parentheses stand in each other", Assert.Throws<UserErrorException>(() => Formula.Read(text, _ => 1)).Message, StringComparison.Ordinal);
        Assert.Contains("powers stand in each other", Assert.Throws<UserErrorException>(() => Formula.Read(string.Join('^', Enumerable.Repeat("x", 100_000)), _ => 1)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no function “foo”; there are abs", Assert.Throws<UserErrorException>(() => Formula.Read("foo(1)", _ => 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "FILE is empty; it needs a line that names the columns and one for each observation")]
    [InlineData("x,y\n", "FILE has no observations below line 1, which names its columns")]
    [InlineData("x,z\n1,2\n", "FILE, line 1: there is no column “y”; there are “x”, “z”; choose with --y, or name the columns in the first line")]
    [InlineData("x;y\n1;2\n", "FILE, line 1: there is no column “x” between delimiters “,”, but there is between “;”; give --delimiter \";\"")]
    [InlineData("x\ty\n1\t2\n", "FILE, line 1: there is no column “x” between delimiters “,”, but there is between “tab”; give --delimiter \"tab\"")]
    [InlineData("x,y\n1,2\n2,two\n", "FILE, line 3: “two” in column y is not a finite number; write it like 1.5 or 2e-3")]
    [InlineData("# a note\n\nx,y\n1,2\n\n,3\n", "FILE, line 6: “” in column x is not a finite number; write it like 1.5 or 2e-3")]
    [InlineData("x,y\n1,NaN\n", "FILE, line 2: “NaN” in column y is not a finite number; write it like 1.5 or 2e-3")]
    [InlineData("x,y\n1,2\n1,2,3\n", "FILE, line 3: it has 3 fields, and line 1 names 2 columns")]
    [InlineData("x,y\n1,2\n2,3\n", "2 observations for 2 parameters; standard errors need at least 3")]
    public async Task A_bad_file_is_said_with_its_line(string content, string says)
    {
        var file = At("data.csv");
        File.WriteAllText(file, content);
        var (code, output, error) = await Run("--model", "a*x+b", "--start", "a=1,b=1", "--data", file, "--svg", At("curve.svg"));
        Assert.Equal((1, ""), (code, output));
        Assert.Equal($"error: {says.Replace("FILE", file, StringComparison.Ordinal)}\n", error.ReplaceLineEndings("\n"));
        Assert.False(File.Exists(At("curve.svg")));
    }

    [Theory]
    [InlineData("", "line 1: the file ends without “Dataset Name:”", "NIST")]
    [InlineData("Dataset Name:  Toy\nModel:\n", "line 2: below this line there is no model")]
    [InlineData("Dataset Name:  Toy\nModel:\n y = b1*x + e\n", "line 3: the file ends without “Start 1”")]
    [InlineData("Dataset Name:  Toy\nModel:\n y = b1*x + e\nStart 1\n b1 = 1 2\n", "line 5: expected a name, “=” and four numbers", "b1 = 1 2")]
    [InlineData("Dataset Name:  Toy\nModel:\n y = b1*x + e\nStart 1\n b1 = 1 2 3 4\n\nResidual Standard Deviation: 1\nDegrees of Freedom: one\n", "line 8: expected a number")]
    [InlineData("Dataset Name:  Toy\nModel:\n y = b1*x + e\nStart 1\n b1 = 1 2 3 4\n\nResidual Standard Deviation: 1\nDegrees of Freedom: 1\nData: y x\n 1 2\n 1\n", "line 11: expected two numbers, y and x, not “1”")]
    public async Task A_bad_NIST_file_is_said_with_its_line(string content, params string[] says)
    {
        var file = At("toy.dat");
        File.WriteAllText(file, content);
        var (code, output, error) = await Run("--nist", file, "--svg", At("curve.svg"));
        Assert.Equal((1, ""), (code, output));
        Assert.All(says, part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--data x.csv --start a=1", "--model is missing")]
    [InlineData("--model a*x --data x.csv", "--start is missing")]
    [InlineData("--model a*x --start a=1", "--data is missing")]
    [InlineData("--model a*x --start a --data x.csv", "--start “a”: give a name")]
    [InlineData("--model a*x --start a=1,a=2 --data x.csv", "--start a is given twice")]
    [InlineData("--model a*x --start a=1 --data no-such.csv", "there is no file no-such.csv")]
    [InlineData("--model a*x --start a=1 --data x.csv --delimiter ab", "--delimiter “ab”")]
    [InlineData("--nist no-such.dat", "there is no file no-such.dat")]
    [InlineData("--nist no-such.dat --from 3", "--from 3: give a whole number from 1 to 2")]
    [InlineData("--nist no-such.dat --svg no/such/folder/curve.svg", "there is no folder")]
    public async Task What_is_not_given_is_said(string args, string says)
    {
        var (code, output, error) = await Run([.. args.Split(' '), .. args.Contains("--svg", StringComparison.Ordinal) ? Array.Empty<string>() : ["--svg", At("curve.svg")]]);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fit_is_printed_and_drawn_in_any_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var (data, svg) = (At("data.csv"), At("curve.svg"));
            File.WriteAllText(data, "pressure;volume\n" + string.Join('\n', Enumerable.Range(0, 14).Select(i =>
                string.Create(CultureInfo.InvariantCulture, $"{NistSets.Misra1a.X.Values[i]};{NistSets.Misra1a.Y.Values[i]}"))));
            var (code, output, error) = await Run(
                "--model", "b1*(1-exp(-b2*pressure))", "--start", "b1=500,b2=0.0001", "--data", data, "--x", "pressure", "--y", "volume", "--delimiter", ";", "--svg", svg);
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("b1                    238.942129", output, StringComparison.Ordinal);
            Assert.Contains("residual standard deviation 0.1018787", output, StringComparison.Ordinal);
            Assert.Contains("degrees of freedom 12", output, StringComparison.Ordinal);
            var drawing = XDocument.Load(svg);
            Assert.Equal(14, drawing.Descendants().Count(element => element.Name.LocalName == "circle"));
            Assert.DoesNotContain("NaN", File.ReadAllText(svg), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Ticks_are_round()
    {
        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1.0], new Axis(-0.05, 1.05, 100).Ticks.Select(tick => Math.Round(tick, 12)));
        Assert.Equal([100.0, 120, 140, 160, 180, 200, 220], new Axis(90, 230, 100).Ticks);
        Assert.Equal((-0.5, 0.5), (Axis.Over([0.0, 0], 1).Least, Axis.Over([0.0, 0], 1).Greatest));
    }

    private static void RequireCertified(NistFile nist)
    {
        foreach (var from in new[] { 1, 2 })
        {
            var curve = Curve.Fitted(nist.Model, "x", [.. nist.Parameters.Select(p => (p.Name, from == 1 ? p.Start1 : p.Start2))], nist.Data);
            for (var i = 0; i < nist.Parameters.Length; i++)
            {
                var (certified, parameter) = (nist.Parameters[i], curve.Parameters[i]);
                RequireDigits(certified.Value, curve.Fit.At[parameter].ToScalar(), $"{certified.Name} from start {from}");
                RequireDigits(certified.StandardError, curve.Fit.StandardErrors[parameter].ToScalar(), $"the error of {certified.Name} from start {from}");
            }

            RequireDigits(nist.StandardDeviation, curve.Fit.StandardDeviation, "the residual standard deviation");
            Assert.Equal(nist.DegreesOfFreedom, curve.Fit.DegreesOfFreedom);
        }
    }

    private static void RequireDigits(double certified, double found, string what) =>
        Assert.True(Report.DigitsAgreed(certified, found) >= DigitsWanted, $"{what}: {certified} is certified and {found} was found");

    private string At(string file) => Path.Combine(_folder, file);

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await FunctionalGrad.Samples.CurveFit.CommandLine.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
