namespace FunctionalGrad.Laws

/// <summary>Stands in until the laws land.</summary>
module Placeholder =
    /// <summary>Nothing yet.</summary>
    let nothing = ()
