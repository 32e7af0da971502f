namespace IotBus.Kafka.Tests;

public sealed class TopicPatternsTests
{
    [Theory]
    [InlineData("^orders.*", "ordersx")]
    [InlineData("^[^.]+$", "x")]
    [InlineData(@"^orders\.(eu|us)-[0-9]{1,3}$", "orders.eu-0")]
    [InlineData("^orders|^bills", "orders")]
    public void A_pattern_has_a_sample_that_it_takes(string pattern, string sample) =>
        Assert.Equal([sample], Of(pattern).Samples());

    [Theory]
    [InlineData("^[[:alpha:]]+$")]
    [InlineData("^orders.*\\.dlq$")]
    public void Where_no_sample_is_found_there_is_none(string pattern) => Assert.Empty(Of(pattern).Samples());

    [Theory]
    [InlineData("^orders[a-z]*$", "", ".dead")]
    [InlineData("^orders.*", "", ".dlq")]
    [InlineData("^orders.*", "dead-", "")]
    public void Dead_letters_that_no_pattern_takes_may_have_any_name(string pattern, string prefix, string suffix)
    {
        var endpoint = new TopicEndpointDefinition([pattern], "group") { DeadLetterTopic = topic => prefix + topic + suffix };

        Assert.DoesNotContain(endpoint.Validate(), problem => problem.Key == nameof(endpoint.DeadLetterTopic));
    }

    private static TopicPatterns Of(string pattern) => new(new TopicEndpointDefinition([pattern], "group"));
}
