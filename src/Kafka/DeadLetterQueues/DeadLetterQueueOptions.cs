using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Where the dead letters are, and who handles them.</summary>
public sealed record DeadLetterQueueOptions
{
    /// <summary>The brokers to ask first, <c>host:port</c>, separated by commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>
    /// Any other setting of librdkafka, such as security; called for each client. The right to read and to describe the dead-letter topics is
    /// enough for looking; dropping needs the right to write to them, replaying that to write to the topics the letters came from, too.
    /// </summary>
    public Action<ClientConfig>? Configure { get; init; }

    /// <summary>What the names of dead-letter topics end with; <c>.dlq</c> by default. Not empty.</summary>
    public string Suffix { get; init; } = ".dlq";

    /// <summary>Names whoever replays or drops, in the mark that this leaves; the user and machine by default. At most 256 characters.</summary>
    public string Operator { get; init; } = $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>How long Kafka may take for an answer or an acknowledgement, 100 ms to 5 minutes; 10 s by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>At most so many letters a second are replayed, 1 or more; null, the default: as fast as it goes.</summary>
    public int? ReplayRate { get; init; }

    /// <summary>Tells the time of marks. The system's by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(BootstrapServers);
        ArgumentException.ThrowIfNullOrEmpty(Suffix);
        ArgumentException.ThrowIfNullOrWhiteSpace(Operator);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Operator.Length, 256, nameof(Operator));
        ArgumentOutOfRangeException.ThrowIfLessThan(Timeout, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Timeout, TimeSpan.FromMinutes(5));
        if (ReplayRate is { } rate)
            ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1, nameof(ReplayRate));
    }

    internal ClientConfig ClientConfig()
    {
        var config = new ClientConfig { BootstrapServers = BootstrapServers, ClientId = "iotbus-dead-letters", ReconnectBackoffMaxMs = 1000 };
        Configure?.Invoke(config);
        return config;
    }
}
