namespace FunctionalGrad.Laws

open System
open FsCheck.FSharp
open FunctionalGrad
open FunctionalGrad.FSharp

/// Numbers from domains.
[<RequireQualifiedAccess>]
module internal Sampling =

    // Multiples of this are exact in single precision, and there are enough of them that two are seldom equal.
    let private grain = 1.0 / 4096.0

    let private inside (interval: Interval) step =
        let number = Math.Floor(interval.Low / grain) * grain + float step * grain
        if number < interval.Low then number + grain else number

    let private between (interval: Interval) =
        Gen.choose (0, int (Math.Floor((interval.High - interval.Low) / grain)))
        |> Gen.map (fun step ->
            inside interval step
            |> max interval.Low
            |> min interval.High
            |> float32
            |> float)

    /// One number of a domain.
    let number (domain: Domain) =
        gen {
            let! interval = Gen.elements domain.Intervals

            if domain.WholeNumbers then
                let! whole = Gen.choose (int interval.Low, int interval.High)
                return float whole
            else
                return! between interval
        }

    /// A tensor with numbers of a domain.
    let tensor (domain: Domain) (shape: Shape) =
        number domain
        |> Gen.arrayOfLength shape.Size
        |> Gen.map (fun numbers -> Tensor.Of(shape, numbers))
