namespace IotBus.Persistence;

/// <summary>The settings of inbox, outbox and scheduled messages; set in <c>AddMongoDbOutbox</c>.</summary>
internal sealed class MongoDbOutboxOptions
{
    public TimeSpan DuplicateDetectionWindow { get; set; } = TimeSpan.FromDays(7);

    public TimeSpan QueryDelay { get; set; } = TimeSpan.FromSeconds(1);

    public int MessageDeliveryLimit { get; set; } = 100;

    public TimeSpan MessageDeliveryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(20);

    public TimeSpan RetryTimeLimit { get; set; } = TimeSpan.FromSeconds(90);

    public string InboxCollection { get; set; } = "inbox.messages";

    public string OutboxCollection { get; set; } = "outbox";

    public string LeaseCollection { get; set; } = "outbox.leases";

    public string ProcessCollection { get; set; } = "outbox.processes";

    public string? InstanceId { get; set; }

    public bool DeliversMessages { get; set; } = true;

    /// <summary>How often a process says that it lives, at least; and how often it looks while nothing is due and a change stream tells what comes.</summary>
    public TimeSpan IdleDelay => LeaseDuration / 4;

    /// <summary>How often it looks otherwise.</summary>
    public TimeSpan LookDelay => QueryDelay < IdleDelay ? QueryDelay : IdleDelay;

    public IEnumerable<(string Name, string Problem)> Validate()
    {
        if (DuplicateDetectionWindow < TimeSpan.FromMinutes(1))
            yield return (nameof(DuplicateDetectionWindow), "must be a minute or more");

        if (QueryDelay < TimeSpan.FromMilliseconds(10) || QueryDelay > TimeSpan.FromMinutes(1))
            yield return (nameof(QueryDelay), "must be from 10 ms to 1 min");

        if (MessageDeliveryLimit is < 1 or > 10_000)
            yield return (nameof(MessageDeliveryLimit), "must be from 1 to 10,000");

        if (MessageDeliveryTimeout <= TimeSpan.Zero)
            yield return (nameof(MessageDeliveryTimeout), "must be positive");

        if (LeaseDuration < MessageDeliveryTimeout * 1.5)
            yield return (nameof(LeaseDuration), "must be at least one and a half times MessageDeliveryTimeout");

        if (RetryTimeLimit < TimeSpan.Zero)
            yield return (nameof(RetryTimeLimit), "must not be negative");

        if (InstanceId is { Length: 0 or > 200 })
            yield return (nameof(InstanceId), "must have 1 to 200 characters");
    }
}
