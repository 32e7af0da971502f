namespace IotBus.Processors.Events;

/// <summary>How far a partition has come, as its consumer knows it. Belongs to one assignment and is dropped after every failure, to be read again.</summary>
internal sealed class PartitionProgress
{
    /// <summary>The last offset whose effects the store's transactions hold; −1 before the first. Equals the document's <c>applied</c>.</summary>
    public required long Applied { get; set; }

    /// <summary>The last offset whose events are also known to be in the series. What lies between it and <see cref="Applied"/> has to be looked up.</summary>
    public required long Complete { get; set; }

    /// <summary>The session that the document names; null while there is no document.</summary>
    public required Guid? Session { get; set; }

    /// <summary>Until this timestamp a predecessor's insert may still be under way. Not an instant: the process's clock may be set meanwhile.</summary>
    public required long SettledAt { get; init; }

    /// <summary>Repeats come in runs: after a batch with some, the next looks for them before its transaction instead of failing in it.</summary>
    public bool ExpectDuplicates { get; set; }
}
