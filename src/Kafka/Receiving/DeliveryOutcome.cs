namespace IotBus.Kafka;

/// <summary>What became of a delivery: by default the message was applied.</summary>
internal readonly struct DeliveryOutcome
{
    public DeliveryOutcome(MessageFailure failure) => Failure = failure;

    public DeliveryOutcome(TimeSpan redelivery) => Redelivery = redelivery;

    /// <summary>It failed for good.</summary>
    public MessageFailure? Failure { get; }

    /// <summary>It is to be delivered again, after so long.</summary>
    public TimeSpan? Redelivery { get; }
}
