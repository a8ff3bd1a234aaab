using Xunit;

namespace FunctionalGrad.Tests;

/// <summary>An error of this library teaches: its message is held to what it says, where, both values and the way out.</summary>
internal static class Errors
{
    /// <summary>Asserts that an action throws exactly this kind of error and that its message says every part.</summary>
    public static void Say<TException>(Action action, params string[] parts)
        where TException : Exception
    {
        var message = Assert.Throws<TException>(action).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
