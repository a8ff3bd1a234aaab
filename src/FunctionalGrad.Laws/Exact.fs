namespace FunctionalGrad.Laws

/// Operations whose value leaves no choice: every way to compute them must give the same bits.
[<RequireQualifiedAccess>]
module internal Exact =

    /// Names of primitives. IEEE 754 says what these round to, or they only choose and move.
    let names =
        set
            [
                "add"
                "subtract"
                "multiply"
                "divide"
                "negate"
                "sqrt"
                "abs"
                "maximum"
                "minimum"
                "clamp"
                "select"
                "relu"
                "greater"
                "less"
                "greater or equal"
                "less or equal"
                "equal"
                "not equal"
                "reshape"
                "permute"
                "broadcast"
                "slice"
                "pad"
                "concatenate"
                "gather"
            ]
