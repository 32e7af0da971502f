using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>The times of messages.</summary>
internal static class MessageTimes
{
    /// <summary>A message's timestamp on Kafka.</summary>
    /// <exception cref="UndecodableException">It is no time of the years 1 to 9999.</exception>
    public static DateTimeOffset Of(ConsumeResult<byte[], byte[]> result)
    {
        var milliseconds = result.Message.Timestamp.UnixTimestampMs;
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new UndecodableException(
                DeadLetterReasons.Malformed,
                $"The message's timestamp, {milliseconds}, is no number of milliseconds since 1970 within the years 1 to 9999.",
                exception);
        }
    }
}
