using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>
/// Tells operators of dead letters: of each topic and reason the first at once, and then one a minute with how many came meanwhile. Every one is
/// in the dead-letter topic anyway. Thread-safe.
/// </summary>
internal sealed partial class DeadLetterLog(ILogger logger, string endpoint)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Bounded by the topics of the endpoint and the labels there are.
    private readonly ConcurrentDictionary<(string Topic, string Reason), Rate> _rates = new();

    public void Write(string topic, ConsumeResult<byte[], byte[]> result, string destination, string reason, Exception? exception)
    {
        var rate = _rates.GetOrAdd((topic, KafkaMetrics.ReasonLabel(reason)), _ => new Rate());
        if (rate.Take(Environment.TickCount64) is { } others)
        {
            LogDeadLetter(
                logger, endpoint, topic, result.Partition.Value, result.Offset.Value, destination, reason, exception?.Message ?? "", others);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Endpoint}: the message at {Topic}[{Partition}] offset {Offset} was put into {DeadLetterTopic}: {Reason}. {Detail} "
            + "(Others with this reason since the last such line: {Others}.)")]
    private static partial void LogDeadLetter(
        ILogger logger, string endpoint, string topic, int partition, long offset, string deadLetterTopic, string reason, string detail, long others);

    private sealed class Rate
    {
        private readonly Lock _lock = new();
        private long? _said;
        private long _others;

        /// <summary>How many were passed over since the last line; null when this one is passed over too.</summary>
        public long? Take(long now)
        {
            lock (_lock)
            {
                if (_said is { } said && now - said < Interval.TotalMilliseconds)
                {
                    _others++;
                    return null;
                }

                _said = now;
                var others = _others;
                _others = 0;
                return others;
            }
        }
    }
}
