namespace FunctionalGrad.Samples.GradBench;

/// <summary>Something that whoever wrote a request can put right. Its message is the error that the answer gives.</summary>
internal sealed class RequestException(string message) : Exception(message);
