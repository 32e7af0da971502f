namespace IotBus.Processors.Events;

/// <summary>The moments of a batch at which a death has to leave something that redelivery puts right.</summary>
internal enum ApplyStep
{
    /// <summary>Nothing of the batch is in the store.</summary>
    BeforeTransaction,

    /// <summary>All effects are committed, but the series lacks the events.</summary>
    BeforeSeries,

    /// <summary>All is in the store, but the offsets have not moved.</summary>
    BeforeOffsets,
}
