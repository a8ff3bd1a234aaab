using FunctionalGrad.Samples.CurveFit;

namespace FunctionalGrad.Tests.Solvers;

/// <summary>Three of NIST's non-linear regression sets as numbers, so that they are there without the files.</summary>
internal static class NistSets
{
    public static Observations Misra1a { get; } = new(
        Tensor.Of(77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0),
        Tensor.Of(10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78));

    public static Observations Rat42 { get; } = new(
        Tensor.Of(9.0, 14, 21, 28, 42, 57, 63, 70, 79),
        Tensor.Of(8.93, 10.80, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08));

    public static Observations BoxBod { get; } = new(Tensor.Of(1.0, 2, 3, 5, 7, 10), Tensor.Of(109.0, 149, 149, 191, 213, 224));

    public static NistFile[] All { get; } =
    [
        new(
            "Misra1a",
            "b1*(1-exp[-b2*x])",
            [new("b1", 500, 250, 2.3894212918E+02, 2.7070075241E+00), new("b2", 0.0001, 0.0005, 5.5015643181E-04, 7.2668688436E-06)],
            1.0187876330E-01,
            12,
            Misra1a),
        new(
            "Rat42",
            "b1 / (1+exp[b2-b3*x])",
            [
                new("b1", 100, 75, 7.2462237576E+01, 1.7340283401E+00), new("b2", 1, 2.5, 2.6180768402E+00, 8.8295217536E-02),
                new("b3", 0.1, 0.07, 6.7359200066E-02, 3.4465663377E-03),
            ],
            1.1587725499E+00,
            6,
            Rat42),
        new(
            "BoxBOD",
            "b1*(1-exp[-b2*x])",
            [new("b1", 1, 100, 2.1380940889E+02, 1.2354515176E+01), new("b2", 1, 0.75, 5.4723748542E-01, 1.0455993237E-01)],
            1.7088072423E+01,
            4,
            BoxBod),
    ];
}
