namespace Expecto

open System

/// How close two floating-point numbers are asked to be.
type Accuracy = { absolute: float; relative: float }

module Accuracy =
    let areClose accuracy (a: float) (b: float) =
        if Double.IsInfinity a || Double.IsInfinity b then
            a = b
        else
            abs (a - b) <= accuracy.absolute + accuracy.relative * max (abs a) (abs b)

    let low = { absolute = 1e-6; relative = 1e-3 }
    let medium = { absolute = 1e-8; relative = 1e-5 }
    let high = { absolute = 1e-10; relative = 1e-7 }
    let veryHigh = { absolute = 1e-12; relative = 1e-9 }
