using IotBus.Testing;
using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class MultiBusTests
{
    public interface ISecondBus : IBus;

    [Fact]
    public async Task Each_bus_has_a_rider_of_its_own_and_its_producers_find_it()
    {
        await using var one = await KafkaServer.StartAsync();
        await using var two = await KafkaServer.StartAsync();
        var (first, second) = (await one.CreateTopicAsync("first"), await two.CreateTopicAsync("second"));
        var services = new ServiceCollection().AddLogging();
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddProducer<string, Warmth>(first);
                rider.UsingKafka((_, k) => k.Host(one.BootstrapServers));
            });
        });
        services.AddMassTransit<ISecondBus>(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddProducer<string, Noise>(second);
                rider.UsingKafka((_, k) => k.Host(two.BootstrapServers));
            });
        });
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        IBusControl[] buses = [provider.GetRequiredService<IBusControl>(), (IBusControl)provider.GetRequiredService<ISecondBus>()];
        foreach (var bus in buses)
            await bus.StartAsync();

        await using (var scope = provider.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ITopicProducer<string, Warmth>>().Produce("a", Some.Warmth());
            await scope.ServiceProvider.GetRequiredService<ITopicProducer<string, Noise>>().Produce("a", new Noise { EventId = Guid.NewGuid(), Device = "d", Decibel = 1 });
            await scope.ServiceProvider.GetRequiredService<Bind<ISecondBus, ITopicProducerProvider>>().Value
                .GetProducer<string, Noise>(new Uri($"topic:{second}")).ProduceTombstone("a");
        }

        Assert.Single(RawConsumer.Read(one, first, 1));
        Assert.Equal(2, RawConsumer.Read(two, second, 2).Count);
        foreach (var bus in buses)
            await bus.StopAsync();
    }

    [Fact]
    public async Task Each_bus_consumes_from_its_own_cluster_with_its_own_endpoints()
    {
        await using var one = await KafkaServer.StartAsync();
        await using var two = await KafkaServer.StartAsync();
        var (first, second, seen) = (await one.CreateTopicAsync("first"), await two.CreateTopicAsync("second"), new Seen());
        var services = new ServiceCollection().AddLogging().AddSingleton(seen);
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider => Consume(rider, one, first));
        });
        services.AddMassTransit<ISecondBus>(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider => Consume(rider, two, second));
        });
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        IBusControl[] buses = [provider.GetRequiredService<IBusControl>(), (IBusControl)provider.GetRequiredService<ISecondBus>()];
        foreach (var bus in buses)
            await bus.StartAsync();

        using (var raw = new RawProducer(one))
            await raw.ProduceAsync(first, NoiseHost.Json(1));

        using (var raw = new RawProducer(two))
            await raw.ProduceAsync(second, NoiseHost.Json(2));

        await Eventually.TrueAsync(() => seen.Messages.Count == 2);
        Assert.Equal([1, 2], seen.Messages.Select(message => message.Decibel).Order());
        foreach (var bus in buses)
            await bus.StopAsync();
    }

    private static void Consume(IRiderRegistrationConfigurator rider, KafkaServer kafka, string topic)
    {
        rider.AddConsumer<NoiseConsumer>();
        rider.UsingKafka((context, k) =>
        {
            k.Host(kafka.BootstrapServers);
            k.TopicEndpoint<Noise>(topic, kafka.NewGroup(), endpoint => endpoint.ConfigureConsumer<NoiseConsumer>(context));
        });
    }
}
