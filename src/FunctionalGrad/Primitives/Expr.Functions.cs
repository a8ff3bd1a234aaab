using System.Numerics;

namespace FunctionalGrad;

/// <content>
/// The function interfaces of generic math. The members that have a name of their own in the calculus table are found
/// there; what stands here is composed of them.
/// </content>
public abstract partial class Expr :
    IExponentialFunctions<Expr>,
    ILogarithmicFunctions<Expr>,
    IPowerFunctions<Expr>,
    IRootFunctions<Expr>,
    ITrigonometricFunctions<Expr>,
    IHyperbolicFunctions<Expr>
{
    /// <summary>The constant e.</summary>
    public static Expr E { get; } = new Constant(Math.E);

    /// <summary>The constant π.</summary>
    public static Expr Pi { get; } = new Constant(Math.PI);

    /// <summary>The constant 2π.</summary>
    public static Expr Tau { get; } = new Constant(Math.Tau);

    static Expr IExponentialFunctions<Expr>.Exp2(Expr x) => Exp(x * Math.Log(2));

    static Expr IExponentialFunctions<Expr>.Exp10(Expr x) => Exp(x * Math.Log(10));

    static Expr ILogarithmicFunctions<Expr>.Log(Expr x, Expr newBase) => Log(x) / Log(newBase);

    static Expr ILogarithmicFunctions<Expr>.LogP1(Expr x) => Log1P(x);

    static Expr IRootFunctions<Expr>.RootN(Expr x, int n) => n % 2 == 0 ? Pow(x, 1.0 / n) : Sign(x) * Pow(Abs(x), 1.0 / n);

    static Expr ITrigonometricFunctions<Expr>.AcosPi(Expr x) => Acos(x) / Math.PI;

    static Expr ITrigonometricFunctions<Expr>.AsinPi(Expr x) => Asin(x) / Math.PI;

    static Expr ITrigonometricFunctions<Expr>.AtanPi(Expr x) => Atan(x) / Math.PI;

    static Expr ITrigonometricFunctions<Expr>.CosPi(Expr x) => Cos(x * Math.PI);

    static Expr ITrigonometricFunctions<Expr>.SinPi(Expr x) => Sin(x * Math.PI);

    static Expr ITrigonometricFunctions<Expr>.TanPi(Expr x) => Tan(x * Math.PI);

    static (Expr Sin, Expr Cos) ITrigonometricFunctions<Expr>.SinCos(Expr x) => (Sin(x), Cos(x));

    static (Expr SinPi, Expr CosPi) ITrigonometricFunctions<Expr>.SinCosPi(Expr x) => (Sin(x * Math.PI), Cos(x * Math.PI));
}
