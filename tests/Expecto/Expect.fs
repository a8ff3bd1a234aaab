namespace Expecto

open System

/// Expectations: the actual value, then what it is compared with, then what to say.
module Expect =

    let private fail message what =
        raise (AssertException $"%s{message}. %s{what}")

    let private holds condition message (what: unit -> string) =
        if not condition then
            fail message (what ())

    let private compares holdsFor relation actual expected message =
        holds (holdsFor actual expected) message (fun () -> $"Expected %A{actual} to be %s{relation} %A{expected}.")

    let equal (actual: 'a) (expected: 'a) message =
        holds (actual = expected) message (fun () -> $"Expected:\n%A{expected}\nActual:\n%A{actual}")

    let notEqual (actual: 'a) (expected: 'a) message =
        holds (actual <> expected) message (fun () -> $"Expected anything but %A{expected}.")

    let isTrue actual message =
        holds actual message (fun () -> "Expected true, got false.")

    let isFalse actual message =
        holds (not actual) message (fun () -> "Expected false, got true.")

    let isLessThan a b message = compares (<) "less than" a b message
    let isLessThanOrEqual a b message = compares (<=) "at most" a b message
    let isGreaterThan a b message = compares (>) "greater than" a b message
    let isGreaterThanOrEqual a b message = compares (>=) "at least" a b message

    let floatClose accuracy actual expected message =
        holds (Accuracy.areClose accuracy actual expected) message (fun () ->
            $"Expected %.17g{actual} to be within absolute %g{accuracy.absolute} + relative %g{accuracy.relative} of %.17g{expected}.")

    let floatLessThanOrClose accuracy actual expected message =
        if not (actual < expected) then
            floatClose accuracy actual expected message

    let floatGreaterThanOrClose accuracy actual expected message =
        if not (actual > expected) then
            floatClose accuracy actual expected message

    let isNaN (actual: float) message =
        holds (Double.IsNaN actual) message (fun () -> $"Expected NaN, got %.17g{actual}.")

    let isNotNaN (actual: float) message =
        holds (not (Double.IsNaN actual)) message (fun () -> "Expected a number, got NaN.")

    let isInfinity (actual: float) message =
        holds (Double.IsInfinity actual) message (fun () -> $"Expected an infinity, got %.17g{actual}.")

    let isNotInfinity (actual: float) message =
        holds (not (Double.IsInfinity actual)) message (fun () -> $"Expected no infinity, got %.17g{actual}.")

    let private thrown code =
        try
            code ()
            None
        with error ->
            Some error

    let throws code message =
        holds (thrown code).IsSome message (fun () -> "Expected an exception, but none was thrown.")

    /// Runs the code, and hands the exception that it throws to a continuation.
    let throwsC code continuation =
        match thrown code with
        | Some error -> continuation error
        | None -> fail "throwsC" "Expected an exception, but none was thrown."

    let throwsT<'texn> code message =
        match thrown code with
        | Some error when typeof<'texn>.IsInstanceOfType error -> ()
        | Some error -> fail message $"Expected %s{typeof<'texn>.FullName}, but got:\n%O{error}"
        | None -> fail message $"Expected %s{typeof<'texn>.FullName}, but nothing was thrown."

    let isNone actual message =
        holds (Option.isNone actual) message (fun () -> $"Expected None, got %A{actual}.")

    let isSome actual message =
        holds (Option.isSome actual) message (fun () -> "Expected Some, got None.")

    let isOk actual message =
        holds (Result.isOk actual) message (fun () -> $"Expected Ok, got %A{actual}.")

    let isError actual message =
        holds (Result.isError actual) message (fun () -> $"Expected Error, got %A{actual}.")

    let wantSome actual message =
        match actual with
        | Some value -> value
        | None -> fail message "Expected Some, got None."

    let wantOk actual message =
        match actual with
        | Ok value -> value
        | Error error -> fail message $"Expected Ok, got Error %A{error}."

    let isEmpty actual message =
        holds (Seq.isEmpty actual) message (fun () -> $"Expected nothing, got %A{actual}.")

    let isNonEmpty actual message =
        holds (not (Seq.isEmpty actual)) message (fun () -> "Expected something, got nothing.")

    let hasLength actual length message =
        holds (Seq.length actual = length) message (fun () ->
            $"Expected %d{length} elements, got %d{Seq.length actual}.")

    let contains actual element message =
        holds (Seq.contains element actual) message (fun () -> $"Expected %A{actual} to contain %A{element}.")

    let containsAll actual elements message =
        let missing =
            elements
            |> Seq.filter (fun element -> not (Seq.contains element actual))
            |> List.ofSeq

        holds missing.IsEmpty message (fun () -> $"Expected %A{actual} to contain %A{missing} too.")

    let all actual predicate message =
        let wrong = actual |> Seq.filter (predicate >> not) |> List.ofSeq
        holds wrong.IsEmpty message (fun () -> $"These elements do not satisfy it: %A{wrong}")

    let exists actual predicate message =
        holds (Seq.exists predicate actual) message (fun () -> $"No element satisfies it: %A{actual}")

    let sequenceEqual (actual: 'a seq) (expected: 'a seq) message =
        equal (List.ofSeq actual) (List.ofSeq expected) message

    let private text relation (found: bool) (subject: string) (part: string) message =
        holds found message (fun () -> $"Expected \"%s{subject}\" to %s{relation} \"%s{part}\".")

    let stringContains (subject: string) (part: string) message =
        text "contain" (subject.Contains part) subject part message

    let stringStarts (subject: string) (part: string) message =
        text "start with" (subject.StartsWith(part, StringComparison.Ordinal)) subject part message

    let stringEnds (subject: string) (part: string) message =
        text "end with" (subject.EndsWith(part, StringComparison.Ordinal)) subject part message
