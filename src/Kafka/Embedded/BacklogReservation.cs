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

    /// <summary>The client has told what became of the message.</summary>
    /// <param name="status">Whether it is on the broker.</param>
    /// <param name="offset">Where; negative when the broker did not tell.</param>
    public void Settle(PersistenceStatus status, long offset)
    {
        if (Backlog is null)
            return;

        if (status == PersistenceStatus.NotPersisted)
            Backlog.Release(Bytes);
        else if (status == PersistenceStatus.PossiblyPersisted || offset < 0)
            Backlog.PossiblyWritten(Bytes); // Also a repeated batch that the broker knew already: it tells no offset then.
        else
            Backlog.Written(Bytes, offset);
    }
}
