namespace FunctionalGrad;

/// <summary>Placeholder.</summary>
public static class Differentiate { }
