using System.Globalization;
using IotBus.Kafka;
using IotBus.Messages;
using MassTransit;

namespace IotBus.Bench.Consuming;

/// <summary>The rider with an endpoint of single messages: each through MassTransit's pipeline to a consumer of its own scope, which does nothing.</summary>
internal static class MessageLoop
{
    public const string NameOf1 = "message-1";
    public const string NameOf10 = "message-10";
    public const string NameOf100 = "message-100";

    public static int ConcurrencyOf(string loop) => int.Parse(loop[(loop.IndexOf('-', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);

    public static Task RunAsync(
        string bootstrapServers, string topic, string group, int concurrency, ConsumingClock clock, CancellationToken cancellationToken) =>
        RiderBus.RunAsync(
            clock,
            rider =>
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
            },
            cancellationToken);

    private sealed class EmptyConsumer(ConsumingClock clock) : IConsumer<TelemetryRecorded>
    {
        public Task Consume(ConsumeContext<TelemetryRecorded> context)
        {
            clock.Consumed(1);
            return Task.CompletedTask;
        }
    }
}
