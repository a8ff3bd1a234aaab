namespace FunctionalGrad.Samples;

/// <summary>Something that whoever started the program can put right. Its message is all that they get to see.</summary>
internal sealed class UserErrorException(string message) : Exception(message);
