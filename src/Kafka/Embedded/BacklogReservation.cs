using Confluent.Kafka;

namespace IotBus.Kafka.Embedded;

/// <summary>
/// A message's room on a guarded partition, until its delivery report settles it. The default is for a topic that is not guarded.
/// </summary>
internal readonly record struct BacklogReservation(PartitionBacklog? Backlog, int PartitionNumber, int Bytes)
{
    /// <summary>Where the message must go, so that it is counted where it lies.</summary>
    public Partition Partition => Backlog is null ? Partition.Any : new Partition(PartitionNumber);

    /// <summary>The client did not take the message.</summary>
    public void Release() => Backlog?.Release(Bytes);

    public void Settle(DeliveryReport<byte[], byte[]> report)
    {
        if (Backlog is null)
            return;

        if (report.Status == PersistenceStatus.NotPersisted)
            Backlog.Release(Bytes);
        else if (report.Error.IsError || report.Offset < 0)
            Backlog.PossiblyWritten(Bytes); // Also a repeated batch that the broker knew already: it tells no offset then.
        else
            Backlog.Written(Bytes, report.Offset);
    }
}
