namespace Expecto

open System
open System.Reflection

/// A test with the full name that its labels make, and the state that its parents leave it in.
type FlatTest =
    {
        name: string
        code: TestCode
        state: FocusState
        sequenced: bool
    }

/// From attributes in an assembly to a flat list of tests.
module Discovery =

    let private inherited parent child =
        match parent, child with
        | Pending, _
        | _, Pending -> Pending
        | Focused, _ -> Focused
        | Normal, _ -> child

    /// The tests of a tree in order, named from the root: `outer.inner.case`.
    let flatten test =
        let rec walk path state sequenced test =
            match test with
            | TestCase(code, own) ->
                [
                    {
                        name = path |> List.rev |> String.concat "."
                        code = code
                        state = inherited state own
                        sequenced = sequenced
                    }
                ]
            | TestList(tests, own) -> tests |> List.collect (walk path (inherited state own) sequenced)
            | TestLabel(label, inner, own) -> walk (label :: path) (inherited state own) sequenced inner
            | Sequenced(_, inner) -> walk path state true inner

        walk [] Normal false test

    // F# copies the attribute of a module's value to the field behind it, named `value@line`.
    let private stateOf (m: MemberInfo) =
        if m.Name.Contains '@' then
            None
        elif m.IsDefined(typeof<FTestsAttribute>, false) then
            Some Focused
        elif m.IsDefined(typeof<TestsAttribute>, false) then
            Some Normal
        elif m.IsDefined(typeof<PTestsAttribute>, false) then
            Some Pending
        else
            None

    let private value (m: MemberInfo) =
        match m with
        | :? PropertyInfo as property -> property.GetValue null
        | :? FieldInfo as field -> field.GetValue null
        | :? MethodInfo as method -> method.Invoke(null, [||])
        | other -> invalidArg (nameof m) $"%s{other.Name} is no property, field or function that could hold tests"

    /// The tests that the attributes of an assembly mark; where two share a name, it says so, since one would hide the other.
    let inAssembly (assembly: Assembly) =
        let flags = BindingFlags.Public ||| BindingFlags.NonPublic ||| BindingFlags.Static

        let tests =
            [
                for declaring in assembly.GetTypes() do
                    for m in declaring.GetMembers flags do
                        match stateOf m with
                        | None -> ()
                        | Some state ->
                            match value m with
                            | :? Test as test -> yield! flatten (TestList([ test ], state))
                            | _ -> failwith $"%s{declaring.FullName}.%s{m.Name} is marked as tests, but it is no Test"
            ]

        match tests |> List.countBy _.name |> List.tryFind (fun (_, count) -> count > 1) with
        | Some(name, count) -> failwith $"%d{count} tests are named \"%s{name}\": give each its own name"
        | None -> tests
