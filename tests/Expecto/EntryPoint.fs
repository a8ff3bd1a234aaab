module Expecto.EntryPoint

open System.Reflection

[<EntryPoint>]
let main arguments =
    (Expecto.Run.assembly (Assembly.GetExecutingAssembly()) arguments).GetAwaiter().GetResult()
