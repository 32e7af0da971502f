using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>What a second registration says is taken, or refused; never passed over.</summary>
public sealed class RegisteredTwiceTests
{
    public static TheoryData<string, Action<IRiderRegistrationConfigurator>> Conflicts => new()
    {
        { "would not be configured again", rider => rider.AddProducer<string, Warmth>("topic", (_, producer) => producer.UseJson(ReadingsJsonContext.Default)) },
        { "would not be configured again", rider => rider.AddProducer<string, Warmth>("topic", new ProducerConfig { LingerMs = 5 }) },
        { "takes its keys otherwise", rider => rider.AddProducer<string, Warmth>("topic", context => context.Message.Type) },
        { "takes its keys otherwise", rider => rider.AddProducer<Warmth>("topic") },
    };

    [Theory]
    [MemberData(nameof(Conflicts))]
    public void What_would_be_passed_over_is_refused(string told, Action<IRiderRegistrationConfigurator> second)
    {
        var exception = Assert.Throws<ConfigurationException>(() => RiderHost.Create(rider =>
        {
            rider.AddProducer<string, Warmth>("topic", context => context.Message.Device);
            second(rider);
        }));

        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_again_changes_nothing()
    {
        var kafka = new InMemoryKafka();
        await using var host = await RiderHost.StartAsync(
            rider =>
            {
                rider.AddProducer<string, Warmth>("topic", (_, producer) => producer.UseJson(ReadingsJsonContext.Default));
                rider.AddProducer<string, Warmth>("topic");
                rider.AddProducer<string, Warmth>("topic", context => context.Message.Device);
                rider.UsingKafka((_, _) => { });
            },
            services => services.AddInMemoryKafka(kafka));

        await host.Producer<string, Warmth>().Produce("key", Some.Warmth("device"));
        await host.Services.GetRequiredService<ITopicProducer<Warmth>>().Produce(Some.Warmth("device"));

        Assert.Equal(["key", "device"], kafka.Topic("topic").Records.Select(record => record.KeyText));
        Assert.All(kafka.Topic("topic").Records, record => Assert.Contains("\"celsius\"", record.ValueText!, StringComparison.Ordinal));
    }
}
