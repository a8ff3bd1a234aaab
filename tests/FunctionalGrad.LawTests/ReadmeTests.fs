module FunctionalGrad.LawTests.ReadmeTests

open System.IO
open Expecto

// From here to the next marker this is the README's example, line for line.
// <readme>
open FunctionalGrad
open FunctionalGrad.FSharp
open FunctionalGrad.Laws

// Inline numeric code differentiates unchanged.
let inline logistic x = 1G / (1G + exp -x)

let slope = diff logistic (Expr.constant 0.0) |> Expr.value // 0.25
let curvature = diffN 2 logistic (Expr.constant 0.0) |> Expr.value // 0

let w = Expr.var "w"
let loss = (w * 3.0 - 3.0) ** 2.0
let at = Point.ofList [ w, 2.0 ]
let gradient = loss |> Expr.gradient |> GradientMap.eval at |> GradientMap.find w // 18

// A primitive of your own, and every law that applies to it, in a line each.
let softsign =
    Primitive.Elementwise("softsign", (fun x -> x / (1.0 + abs x)), (fun x y -> (1.0 - Expr.Abs y).Square()))

Laws.check softsign
// </readme>

let private lines (text: string) =
    text.Split '\n'
    |> Seq.map _.TrimEnd()
    |> Seq.filter (fun line -> line <> "")
    |> List.ofSeq

let private between (first: string) (last: string) (text: string) =
    let start = text.IndexOf first + first.Length
    text.Substring(start, text.IndexOf(last, start) - start)

let rec private root folder =
    if File.Exists(Path.Combine(folder, "FunctionalGrad.sln")) then
        folder
    else
        match Path.GetDirectoryName folder with
        | null -> failwith "no folder above the tests holds FunctionalGrad.sln"
        | parent -> root parent

[<Tests>]
let tests =
    testList
        "the README's F# example"
        [
            testCase "gives what it says"
            <| fun () ->
                Expect.equal slope 0.25 "slope"
                Expect.equal curvature 0.0 "curvature"
                Expect.equal (gradient.ToScalar()) 18.0 "gradient"

            testCase "is this file's, line for line"
            <| fun () ->
                let top = root System.AppContext.BaseDirectory
                let readme = File.ReadAllText(Path.Combine(top, "README.md"))

                let here =
                    File.ReadAllText(Path.Combine(top, "tests", "FunctionalGrad.LawTests", "ReadmeTests.fs"))

                Expect.equal
                    (readme |> between "```fsharp" "```" |> lines)
                    (here |> between "// <readme>" "// </readme>" |> lines)
                    "the examples"
        ]
