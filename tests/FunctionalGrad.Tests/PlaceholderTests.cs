using Xunit;

namespace FunctionalGrad.Tests;

public class PlaceholderTests
{
    [Fact]
    public void The_derivative_of_a_square_doubles() => Assert.Equal(6, Placeholder.DerivativeOfSquare(3));
}
