using System.Globalization;
using IotBus.Kafka;
using IotBus.Messages;
using Microsoft.Extensions.Options;

namespace IotBus.Api.Producing;

/// <summary>
/// Makes the topics that are missing, their dead-letter topics too, once Kafka answers. Any number of replicas may do so at once. Requests
/// are taken meanwhile and answered with 503; the service says that it is not ready.
/// </summary>
internal sealed partial class TopicCreation(
    ITopicAdministration topics,
    IOptions<TopicOptions> options,
    TimeProvider time,
    ILogger<TopicCreation> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DeadLetterRetention = TimeSpan.FromDays(30);

    /// <summary>Why the topics are not there; null once they are.</summary>
    public string? Missing { get; private set; } = "The topics have not been looked for yet.";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (telemetry, alerts) = (options.Value.Telemetry, options.Value.Alerts);
        (TopicSettings Topic, int? Insync)[] all = [(telemetry, telemetry.MinInsyncReplicas), (alerts, options.Value.AlertsInsync)];
        foreach (var (topic, insync) in all)
            await EnsureAsync(Define(topic.Name, topic, insync, topic.Retention), stoppingToken);

        Missing = null;
        foreach (var (topic, insync) in all)
            await EnsureAsync(Define(Topics.DeadLetter(topic.Name), topic, insync, DeadLetterRetention), stoppingToken);

        var commands = options.Value.Commands;
        await EnsureAsync(Define(commands.Name, commands, commands.MinInsyncReplicas, commands.Retention), stoppingToken);
    }

    private static TopicDefinition Define(string name, TopicSettings topic, int? insync, TimeSpan retention)
    {
        var configuration = new Dictionary<string, string>
        {
            ["retention.ms"] = ((long)retention.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        };
        if (insync is { } replicas)
            configuration["min.insync.replicas"] = replicas.ToString(CultureInfo.InvariantCulture);

        if (topic.Compression is { } compression)
            configuration["compression.type"] = compression;

        return new TopicDefinition(name, topic.Partitions) { Replication = topic.ReplicationFactor, Configuration = configuration };
    }

    private async Task EnsureAsync(TopicDefinition topic, CancellationToken stoppingToken)
    {
        string? told = null;
        while (true)
        {
            TimeSpan pause;
            try
            {
                // Most often it is there, and a broker without CreateTopics need not be asked to make it.
                if (await topics.DescribeAsync(topic.Name, stoppingToken) is { } found)
                    WarnOfPartitions(found, topic);
                else
                    Created(logger, (await topics.CreateIfMissingAsync(topic, stoppingToken)).Name, topic.Partitions);

                return;
            }
            catch (KafkaUnavailableException exception)
            {
                (Missing, pause) = (Missing is null ? null : exception.Message, Pause);
                if (told != "unavailable")
                    Waiting(logger, exception.Message);

                told = "unavailable";
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Its name, its configuration, or no right to it: nothing changes by itself, but somebody may change it.
                var reason = $"Kafka refuses to make the topic '{topic.Name}': {exception.Message}";
                (Missing, pause) = (Missing is null ? null : reason, PauseAfterRefusal);
                if (told != reason)
                    Refused(logger, reason);

                told = reason;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    /// <summary>More partitions would move devices to other ones and mix up the order of their events, so a difference is only told.</summary>
    private void WarnOfPartitions(TopicInfo found, TopicDefinition wanted)
    {
        if (found.Partitions != wanted.Partitions)
            OtherPartitions(logger, found.Name, found.Partitions, wanted.Partitions);
    }

    [LoggerMessage(LogLevel.Information, "Made the topic {Topic} with {Partitions} partitions.")]
    private static partial void Created(ILogger logger, string topic, int partitions);

    [LoggerMessage(LogLevel.Information, "The topic {Topic} has {Partitions} partitions, not {Wanted} as configured; it stays so.")]
    private static partial void OtherPartitions(ILogger logger, string topic, int partitions, int wanted);

    [LoggerMessage(LogLevel.Warning, "Waiting for Kafka: {Reason}")]
    private static partial void Waiting(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "{Reason}")]
    private static partial void Refused(ILogger logger, string reason);
}
