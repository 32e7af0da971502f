using System.Text.Json;
using Confluent.Kafka;
using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.DevHost.Simulation;

/// <summary>Reads what devices are told to do from now on, and hands it to the simulated ones, as a gateway does for real ones.</summary>
internal static class CommandListener
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="bootstrapServers">The broker.</param>
    /// <param name="obey">Takes a device and the version that it is to install.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task RunAsync(string bootstrapServers, Action<string, string> obey, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Run(bootstrapServers, obey, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Run(string bootstrapServers, Action<string, string> obey, CancellationToken cancellationToken)
    {
        Librdkafka.EnsureLoaded();
        var settings = new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "iotbus-simulator", EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        try
        {
            consumer.Assign(WaitForPartitions(admin, cancellationToken));
            while (true)
            {
                try
                {
                    Obey(consumer.Consume(cancellationToken).Message.Value, obey);
                }
                catch (ConsumeException)
                {
                    // The broker is away: the client goes on when it is back.
                    cancellationToken.WaitHandle.WaitOne(Patience / 10);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The system stops.
        }
        finally
        {
            consumer.Close();
        }
    }

    // Each partition from its end: what was commanded before the devices were there is not for them.
    private static List<TopicPartitionOffset> WaitForPartitions(IAdminClient admin, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (admin.GetMetadata(Topics.DeviceCommands, Patience).Topics is [{ Partitions: { Count: > 0 } partitions }])
                    return [.. partitions.Select(partition => new TopicPartitionOffset(Topics.DeviceCommands, partition.PartitionId, Offset.End))];
            }
            catch (KafkaException)
            {
                // Not there yet.
            }

            cancellationToken.WaitHandle.WaitOne(Patience / 10);
        }
    }

    private static void Obey(byte[]? value, Action<string, string> obey)
    {
        try
        {
            if (value is not null && JsonSerializer.Deserialize(value, MessagesJsonContext.Default.FirmwareUpdateRequested) is { } command)
                obey(command.DeviceId, command.Version);
        }
        catch (JsonException)
        {
            // Of another producer: no device knows what it wants.
        }
    }
}
