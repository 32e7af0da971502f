using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>What the README shows of tests without a broker, as it stands there.</summary>
public sealed class InMemoryUseTests
{
    [Fact]
    public async Task A_consumer_is_tested_as_the_README_shows()
    {
        var services = new ServiceCollection();
        AddShop(services);
        services.AddMassTransitTestHarness();
        services.AddInMemoryKafka();
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ITestHarness>().Start();
        var kafka = provider.GetRequiredService<InMemoryKafka>();

        kafka.Topic("orders").AppendText("customer", """{"article":"pump","count":2}""");
        await kafka.WhenConsumedAsync();

        Assert.Equal(1, kafka.Committed("billing", "orders"));
        Assert.Empty(kafka.Topic("orders.dlq").Records);
        var consumed = provider.GetRequiredService<ITestHarness>().GetConsumerHarness<OrderConsumer>().Consumed;
        Assert.Equal(new Order("pump", 2), Assert.Single(consumed.Select<Order>().ToList()).Context.Message);
    }

    private static void AddShop(ServiceCollection services) => services.AddMassTransit(bus =>
    {
        bus.UsingInMemory();
        bus.AddRider(rider =>
        {
            rider.AddConsumer<OrderConsumer>();
            rider.UsingKafka((context, k) =>
            {
                k.Host("kafka.production:9092");
                k.TopicEndpoint<string, Order>("orders", "billing", endpoint => endpoint.ConfigureConsumer<OrderConsumer>(context));
            });
        });
    });

    public sealed record Order(string Article, int Count);

    private sealed class OrderConsumer : IConsumer<Order>
    {
        public Task Consume(ConsumeContext<Order> context) => Task.CompletedTask;
    }
}
