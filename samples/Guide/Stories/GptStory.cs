using System.Text.Json.Nodes;
namespace FunctionalGrad.Samples.Guide;
internal static class GptStory { public static JsonObject Data(CancellationToken cancellation) => new(); }
