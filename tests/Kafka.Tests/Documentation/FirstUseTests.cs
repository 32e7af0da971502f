using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>What the README shows first, as it stands there but for the topic's name.</summary>
public sealed class FirstUseTests
{
    [Fact]
    public async Task What_is_produced_as_the_README_shows_comes_to_the_consumer()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, received) = (await kafka.CreateTopicAsync("orders"), kafka.NewGroup(), new TaskCompletionSource<Order>());

        await using var host = await RiderHost.StartAsync(
            rider =>
            {
                rider.AddConsumer<OrderConsumer>();
                rider.AddProducer<string, Order>(topic);
                rider.UsingKafka((context, k) =>
                {
                    k.Host(kafka.BootstrapServers);
                    k.TopicEndpoint<string, Order>(topic, group, endpoint => endpoint.ConfigureConsumer<OrderConsumer>(context));
                });
            },
            services => services.AddSingleton(received));
        await host.Producer<string, Order>().Produce("customer", new Order("pump", 2));

        await Eventually.TrueAsync(() => received.Task.IsCompleted, state: host.Log.ToString);
        Assert.Equal(new Order("pump", 2), await received.Task);
    }

    internal sealed record Order(string Article, int Count);

    internal sealed class OrderConsumer(TaskCompletionSource<Order> received) : IConsumer<Order>
    {
        public Task Consume(ConsumeContext<Order> context)
        {
            received.TrySetResult(context.Message);
            return Task.CompletedTask;
        }
    }
}
