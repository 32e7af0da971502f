namespace IotBus.Processors.Events;

/// <summary>Another consumer has moved the partition's progress, or may have: this one gave its batch up with nothing applied twice.</summary>
internal sealed class PartitionFencedException(string topic, int partition, string reason)
    : Exception($"{topic}[{partition}]: {reason}")
{
    public string Topic { get; } = topic;

    public int Partition { get; } = partition;
}
