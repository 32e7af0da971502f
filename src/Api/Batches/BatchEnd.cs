namespace IotBus.Api.Batches;

/// <summary>Why a batch was not read to its end.</summary>
internal enum BatchEnd
{
    /// <summary>It was.</summary>
    Complete,
    TooManyEvents,
    TooManyBytes,

    /// <summary>Kafka did not take an event: the rest would only wait for the same.</summary>
    Unacknowledged,

    /// <summary>The body broke off.</summary>
    Disconnected,
}
