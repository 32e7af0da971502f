using System.Globalization;
using System.Reflection;

namespace IotBus.Kafka.Tests;

/// <summary>An option that nobody can read of is an option that nobody uses.</summary>
public sealed class OptionsTests
{
    private const string Rider = "Options of the rider";
    private const string Producer = "Options of the producer";
    private const string Endpoint = "Options of a topic endpoint";
    private const string InMemory = "Tests without a broker";
    private const string OneProducer = "Options of one producer";

    [Theory]
    [InlineData(Rider, typeof(IKafkaFactoryConfigurator))]
    [InlineData(Producer, typeof(ProducerSettings))]
    [InlineData(Endpoint, typeof(ITopicEndpointConfigurator), typeof(ITopicEndpointConfigurator<>), typeof(ITopicEndpointConfigurator<,>), typeof(IKafkaFetchConfigurator))]
    [InlineData(InMemory, typeof(InMemoryKafkaOptions))]
    [InlineData(OneProducer, typeof(IKafkaProducerConfigurator), typeof(IKafkaProducerConfigurator<,>))]
    public void The_README_has_every_option_and_no_other(string heading, params Type[] types)
    {
        var members = types.SelectMany(Members).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(members, Readme.Options(heading).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_README_has_the_defaults_that_a_producer_has() => AssertDefaults(new ProducerSettings(), Readme.Options(Producer), atLeast: 6);

    [Fact]
    public void The_README_has_the_defaults_that_an_endpoint_has() =>
        AssertDefaults(new TopicEndpointDefinition(["topic"], "group"), Readme.Options(Endpoint), atLeast: 15);

    [Fact]
    public void The_README_has_the_defaults_that_Kafka_in_memory_has() => AssertDefaults(new InMemoryKafkaOptions(), Readme.Options(InMemory), atLeast: 2);

    private static void AssertDefaults(object settings, Dictionary<string, string> documented, int atLeast)
    {
        var defaults = settings.GetType().GetProperties()
            .Where(property => documented.ContainsKey(property.Name))
            .Select(property => (property.Name, Text: Text(property.GetValue(settings))))
            .Where(option => option.Text is not null)
            .ToList();

        Assert.True(defaults.Count >= atLeast, $"Only {defaults.Count} defaults were looked at.");
        Assert.All(defaults, option => Assert.Equal(option.Text, WithoutNoun(documented[option.Name])));
    }

    /// <summary>As the README writes it; null where it is told in words.</summary>
    private static string? Text(object? value) => value switch
    {
        int or long => string.Create(CultureInfo.InvariantCulture, $"{value:N0}"),
        Enum name => name.ToString(),
        TimeSpan { Ticks: > 0 } time when time < TimeSpan.FromSeconds(1) => $"{time.TotalMilliseconds} ms",
        TimeSpan time when time < TimeSpan.FromMinutes(1) => $"{time.TotalSeconds} s",
        TimeSpan time => $"{time.TotalMinutes} min",
        _ => null,
    };

    /// <summary>What is counted follows the number; a duration keeps its unit.</summary>
    private static string WithoutNoun(string text) =>
        text.Split(' ') is [var number, not ("ms" or "s" or "min")] ? number : text;

    private static IEnumerable<string> Members(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(member => member is PropertyInfo or MethodInfo { IsSpecialName: false })
            .Select(member => member.Name);
}
