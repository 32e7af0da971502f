using IotBus.Kafka;
using IotBus.Messages;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotBus.Bench.Producing;

/// <summary>The rider with the producer of the Api.</summary>
internal sealed class RiderProducingLoop : IProducingLoop
{
    public const string Name = "rider";

    /// <summary>With a pipe, as what a consumer produces.</summary>
    public const string NameWithPipe = "rider-pipe";

    private readonly ServiceProvider _services;
    private readonly AsyncServiceScope _scope;
    private readonly bool _pipe;

    private RiderProducingLoop(ServiceProvider services, bool pipe)
    {
        (_services, _pipe) = (services, pipe);
        _scope = services.CreateAsyncScope();
    }

    public static async Task<RiderProducingLoop> StartAsync(string bootstrapServers, string topic, bool pipe, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.PostConfigure<UsageTelemetryOptions>(usage => usage.Enabled = false);
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddProducer<string, SensorEvent>(topic, (_, producer) =>
                {
                    producer.MessageId(sensorEvent => sensorEvent.EventId);
                    producer.UseJson(MessagesJsonContext.Default);
                });
                rider.UsingKafka((_, kafka) => kafka.Host(bootstrapServers));
            });
        });
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IBusControl>().StartAsync(cancellationToken);
        return new RiderProducingLoop(provider, pipe);
    }

    public async Task ProduceAsync(IReadOnlyList<TelemetryRecorded> readings)
    {
        var producer = _scope.ServiceProvider.GetRequiredService<ITopicProducer<string, SensorEvent>>();
        var pipe = Pipe.Execute<KafkaSendContext<string, SensorEvent>>(context => context.Headers.Set("Tenant", "bench"));
        var deliveries = new Task[ProducingLoops.Window];
        foreach (var window in readings.Chunk(ProducingLoops.Window))
        {
            for (var i = 0; i < window.Length; i++)
                deliveries[i] = _pipe ? producer.Produce(window[i].DeviceId, window[i], pipe) : producer.Produce(window[i].DeviceId, window[i]);

            await Task.WhenAll(deliveries.AsSpan(0, window.Length));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _services.GetRequiredService<IBusControl>().StopAsync();
        await _services.DisposeAsync();
    }
}
