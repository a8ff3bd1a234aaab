namespace FunctionalGrad.FSharp

open System
open FunctionalGrad

/// <summary>
/// Gradient maps as F# maps. A variable has no order, so these keep the order in which the variables were asked for.
/// </summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module GradientMap =

    /// <summary>A map from variables and values, each of its variable's shape.</summary>
    /// <param name="entries">Each variable once.</param>
    let ofList (entries: (#Expr * 'value) list) =
        GradientMap<'value>.Of(ReadOnlySpan(Key.entries "gradient map" entries))

    /// <summary>The variables with their values, in order.</summary>
    /// <param name="map">The map.</param>
    let toSeq (map: GradientMap<'value>) =
        map |> Seq.map (fun entry -> entry.Key, entry.Value)

    /// <summary>The variables with their values, in order.</summary>
    /// <param name="map">The map.</param>
    let toList (map: GradientMap<'value>) = map |> toSeq |> List.ofSeq

    /// <summary>The variables, in order.</summary>
    /// <param name="map">The map.</param>
    let variables (map: GradientMap<'value>) = List.ofSeq map.Variables

    /// <summary>The values by the names of their variables.</summary>
    /// <param name="map">A map whose variables have different names.</param>
    /// <exception cref="T:System.ArgumentException">Two variables share a name.</exception>
    let toMap (map: GradientMap<'value>) =
        match map.Variables |> Seq.countBy _.Name |> Seq.tryFind (fun (_, count) -> count > 1) with
        | Some(name, count) ->
            invalidArg
                (nameof map)
                $"gradient map by names: %d{count} variables are named \"%s{name}\"; give them different names, or use GradientMap.toSeq, whose keys are the variables themselves"
        | None -> map |> toSeq |> Seq.map (fun (key, value) -> key.Name, value) |> Map.ofSeq

    /// <summary>The value of a variable, or none where the map has no such variable (which counts as zero).</summary>
    /// <param name="key">The variable.</param>
    /// <param name="map">The map.</param>
    let tryFind (key: #Expr) (map: GradientMap<'value>) =
        match map.TryGetValue(Key.variable "gradient map" key) with
        | true, value -> Some value
        | false, _ -> None

    /// <summary>The value of a variable.</summary>
    /// <param name="key">A variable of the map.</param>
    /// <param name="map">The map.</param>
    /// <exception cref="T:System.Collections.Generic.KeyNotFoundException">The map has no such variable.</exception>
    let find (key: #Expr) (map: GradientMap<'value>) = map[Key.variable "gradient map" key]

    /// <summary>Folds over the entries in order.</summary>
    /// <param name="folder">From the state, a variable and its value to the next state.</param>
    /// <param name="state">The first state.</param>
    /// <param name="map">The map.</param>
    let fold folder (state: 'state) (map: GradientMap<'value>) =
        map
        |> toSeq
        |> Seq.fold (fun state (key, value) -> folder state key value) state

    /// <summary>The map with every value replaced.</summary>
    /// <param name="mapping">From a value to its replacement.</param>
    /// <param name="map">The map.</param>
    let map (mapping: 'value -> 'other) (map: GradientMap<'value>) = map.Map<'other> mapping

    /// <summary>The inner product of two maps.</summary>
    /// <param name="left">A map.</param>
    /// <param name="right">A map.</param>
    let dot (left: GradientMap<'value>) (right: GradientMap<'value>) = GradientMap<'value>.Dot(left, right)

    /// <summary>The sum of maps; of none, zero.</summary>
    /// <param name="maps">The maps.</param>
    let sum (maps: GradientMap<'value> seq) =
        maps |> Seq.fold (fun total map -> total + map) GradientMap<'value>.Zero

    /// <summary>The numbers of a symbolic gradient at a point.</summary>
    /// <param name="at">The values of its variables.</param>
    /// <param name="map">The symbolic gradient.</param>
    let eval (at: Point<'number>) (map: GradientMap<Expr>) = map.Evaluate at
