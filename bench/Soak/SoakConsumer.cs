using System.Globalization;
using IotBus.Bench.Processes;
using IotBus.Kafka;
using MassTransit;

namespace IotBus.Bench.Soak;

/// <summary>A member of a group as a process of its own. It reports what it was handed before it says that it is done with it: its effect.</summary>
internal static class SoakConsumer
{
    public const string Role = "soak-consumer";
    public const string Batches = "batches";
    public const string Messages = "messages";

    private const int BatchSize = 2_000;

    // As many keys of a partition at once.
    private const int Concurrency = 100;

    public static ChildProcess Start(string bootstrapServers, string topic, string kind, TimeSpan session) =>
        ChildProcess.StartRole(Role, bootstrapServers, topic, kind, $"{session.TotalSeconds:0}");

    /// <summary>Consumes until its input ends.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var (bootstrapServers, topic, kind) = (args[0], args[1], args[2]);
        var session = TimeSpan.FromSeconds(int.Parse(args[3], CultureInfo.InvariantCulture));
        using var reports = new ReportWriter();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using (await QuietBus.StartAsync(
            services => services.AddSingleton(reports),
            rider =>
            {
                rider.AddBatchConsumer<BatchesSeen>();
                rider.AddConsumer<MessagesSeen>();
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(bootstrapServers);
                    kafka.TopicEndpoint<string, SoakMessage>(topic, kind, endpoint =>
                    {
                        endpoint.UseJson(SoakJsonContext.Default);
                        endpoint.SessionTimeout = session;
                        if (kind == Batches)
                        {
                            endpoint.MaxBatchSize = BatchSize;
                            endpoint.ConfigureBatchConsumer<BatchesSeen>(context);
                        }
                        else
                        {
                            endpoint.ConcurrentDeliveryLimit = Concurrency;
                            endpoint.ConfigureConsumer<MessagesSeen>(context);
                        }
                    });
                });
            },
            cancellationToken))
        {
            var heap = reports.TellHeapAsync(stop.Token);
            await Console.In.ReadToEndAsync(cancellationToken);
            await stop.CancelAsync();
            await heap;
        }

        return 0;
    }

    private sealed class BatchesSeen(ReportWriter reports) : ITopicBatchConsumer<SoakMessage>
    {
        public Task Consume(TopicBatch<SoakMessage> batch, CancellationToken cancellationToken)
        {
            // Numbers that do not follow one another are reported apart: only what came is told.
            var messages = batch.Messages;
            for (int start = 0, end; start < messages.Count; start = end)
            {
                end = start + 1;
                while (end < messages.Count && messages[end].Message.Sequence == messages[end - 1].Message.Sequence + 1)
                    end++;

                reports.Write(new SoakReport(ReportKind.Seen, batch.Partition, end - start, messages[start].Message.Sequence));
            }

            return Task.CompletedTask;
        }
    }

    private sealed class MessagesSeen(ReportWriter reports) : IConsumer<SoakMessage>
    {
        public Task Consume(ConsumeContext<SoakMessage> context)
        {
            reports.Write(new SoakReport(ReportKind.Seen, context.Partition()!.Value, 1, context.Message.Sequence));
            return Task.CompletedTask;
        }
    }
}
