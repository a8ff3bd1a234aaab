using System.Text.Json.Nodes;
namespace FunctionalGrad.Samples.Guide;
internal static class MoonsStory { public static JsonObject Data(CancellationToken cancellation) => new(); }
