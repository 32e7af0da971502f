using IotBus.Kafka;

namespace IotBus.Processors.Events;

/// <summary>
/// The time within which this consumer may still be sure of its partition, counted from the last poll before the work began: half the session timeout.
/// A stall in between counts, whatever was polled after it, because the group may have given the partition away meanwhile.
/// </summary>
internal readonly struct PartitionLease
{
    private readonly TopicAssignment _assignment;
    private readonly TimeProvider _time;
    private readonly long _taken;
    private readonly TimeSpan _age;

    public PartitionLease(TopicAssignment assignment, TimeProvider time)
    {
        _assignment = assignment;
        _time = time;
        _taken = time.GetTimestamp();
        _age = assignment.SinceLastPoll;
    }

    public static TimeSpan Duration(TopicAssignment assignment) => assignment.SessionTimeout / 2;

    /// <exception cref="PartitionFencedException">The time is over, or the partition is known to be lost.</exception>
    public void ThrowIfExpired()
    {
        var age = _age + _time.GetElapsedTime(_taken);
        if (age > Duration(_assignment) || _assignment.Lost.IsCancellationRequested)
        {
            throw new PartitionFencedException(
                _assignment.Topic,
                _assignment.Partition,
                $"{age.TotalSeconds:F1} s have gone since the consumer last polled, and the partition may have a new one.");
        }
    }
}
