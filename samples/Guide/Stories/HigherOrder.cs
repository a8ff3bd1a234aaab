using System.Text.Json.Nodes;
namespace FunctionalGrad.Samples.Guide;
internal static class HigherOrder { public static JsonObject Data() => new(); }
