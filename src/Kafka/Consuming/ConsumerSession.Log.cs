using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>What a session tells the log.</summary>
internal sealed partial class ConsumerSession
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Endpoint}: {Topic}[{Partition}] went back to offset {Offset} after {Last}: the topic was deleted and made again, or its leader "
            + "lost what it had. What comes is consumed as another topic.")]
    private static partial void LogRenewed(ILogger logger, string endpoint, string topic, int partition, long offset, long last);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: {Topic}[{Partition}] was made again, and could not be begun again yet: {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string endpoint, string topic, int partition, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint}: whether {Topic} is still the same topic is not known: {Reason}")]
    private static partial void LogTopicNotChecked(ILogger logger, string endpoint, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint}: the partitions were not paused for the stop: {Reason}")]
    private static partial void LogNotPaused(ILogger logger, string endpoint, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Endpoint}: assigned {Partitions}")]
    private static partial void LogAssigned(ILogger logger, string endpoint, PartitionNames partitions);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Endpoint}: gave away {Partitions}")]
    private static partial void LogRevoked(ILogger logger, string endpoint, PartitionNames partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: lost {Partitions}")]
    private static partial void LogLost(ILogger logger, string endpoint, PartitionNames partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: a batch in flight did not end within {Seconds} s and is cancelled; it comes again.")]
    private static partial void LogNotDrained(ILogger logger, string endpoint, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: the offset {Offset} of {Topic}[{Partition}] was not stored: {Reason}")]
    private static partial void LogNotStored(ILogger logger, string endpoint, string topic, int partition, long offset, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: the last offsets of partitions it gives away were not committed, so their batches may come again: {Reason}")]
    private static partial void LogNotCommitted(ILogger logger, string endpoint, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint}: offsets were not committed before their time: {Reason}")]
    private static partial void LogNotCheckpointed(ILogger logger, string endpoint, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Endpoint}: the application's handler of {What} failed.")]
    private static partial void LogHandlerFailed(ILogger logger, string endpoint, string what, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: the consumer did not close cleanly: {Reason}")]
    private static partial void LogNotClosed(ILogger logger, string endpoint, string reason);

    /// <summary>Written out only where the log takes it.</summary>
    private readonly record struct PartitionNames(IEnumerable<object> Partitions)
    {
        public override string ToString() => string.Join(", ", Partitions);
    }
}
