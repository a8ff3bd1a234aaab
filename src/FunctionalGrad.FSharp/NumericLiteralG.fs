namespace FunctionalGrad.FSharp

open System.Numerics

/// <summary>
/// Literals such as <c>1G</c> and <c>2G</c>, which are of whatever number type the code around them needs. With them one
/// inline function serves numbers and expressions, so it differentiates unchanged:
/// <code>
/// let inline logistic x = 1G / (1G + exp -x)
/// logistic 0.0              // 0.5
/// diff logistic             // its derivative
/// </code>
/// </summary>
module NumericLiteralG =

    /// <summary>What <c>0G</c> stands for.</summary>
    let inline FromZero () : 'number :> INumberBase<'number> = 'number.Zero

    /// <summary>What <c>1G</c> stands for.</summary>
    let inline FromOne () : 'number :> INumberBase<'number> = 'number.One

    /// <summary>What a literal such as <c>42G</c> stands for.</summary>
    /// <param name="literal">The digits, as a number.</param>
    let inline FromInt32 (literal: int) : 'number :> INumberBase<'number> = 'number.CreateChecked literal

    /// <summary>What a literal beyond 32 bits stands for.</summary>
    /// <param name="literal">The digits, as a number.</param>
    let inline FromInt64 (literal: int64) : 'number :> INumberBase<'number> = 'number.CreateChecked literal
