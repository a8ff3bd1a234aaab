namespace FunctionalGrad;

/// <summary>What a primitive makes of infinite operands.</summary>
internal enum Infinities
{
    /// <summary>Perhaps NaN: ∞ − ∞, 0 · ∞.</summary>
    Spread,

    /// <summary>Infinite or finite values, never NaN: it chooses, moves or bounds them.</summary>
    Kept,

    /// <summary>Finite values: tanh ∞ is 1.</summary>
    Tamed,
}
