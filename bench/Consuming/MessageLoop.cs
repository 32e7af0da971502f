using System.Globalization;
using IotBus.Kafka;
using IotBus.Messages;
using MassTransit;
using MassTransit.UsageTracking;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotBus.Bench.Consuming;

/// <summary>The rider with an endpoint of single messages: each through MassTransit's pipeline to a consumer of its own scope, which does nothing.</summary>
internal static class MessageLoop
{
    public const string NameOf1 = "message-1";
    public const string NameOf10 = "message-10";
    public const string NameOf100 = "message-100";

    public static int ConcurrencyOf(string loop) => int.Parse(loop[(loop.IndexOf('-', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);

    public static async Task RunAsync(
        string bootstrapServers, string topic, string group, int concurrency, ConsumingClock clock, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(clock);
        services.PostConfigure<UsageTelemetryOptions>(usage => usage.Enabled = false);
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddConsumer<EmptyConsumer>();
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(bootstrapServers);
                    kafka.TopicEndpoint<string, TelemetryRecorded>(topic, group, endpoint =>
                    {
                        endpoint.UseJson(MessagesJsonContext.Default);
                        endpoint.ConcurrentDeliveryLimit = concurrency;
                        endpoint.ConfigureConsumer<EmptyConsumer>(context);
                    });
                });
            });
        });
        await using var provider = services.BuildServiceProvider();
        var control = provider.GetRequiredService<IBusControl>();
        await control.StartAsync(cancellationToken);
        await clock.Done.WaitAsync(cancellationToken);
        await control.StopAsync(cancellationToken);
    }

    private sealed class EmptyConsumer(ConsumingClock clock) : IConsumer<TelemetryRecorded>
    {
        public Task Consume(ConsumeContext<TelemetryRecorded> context)
        {
            clock.Consumed(1);
            return Task.CompletedTask;
        }
    }
}
