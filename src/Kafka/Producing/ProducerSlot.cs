namespace IotBus.Kafka;

/// <summary>A place for a producer client, which is there only while the rider runs. Thread-safe.</summary>
internal sealed class ProducerSlot(Func<IRecordProducer> create)
{
    private volatile IRecordProducer? _producer;

    /// <exception cref="InvalidOperationException">The bus is not started.</exception>
    public IRecordProducer Producer => _producer ?? throw new InvalidOperationException("The Kafka rider does not run: start the bus first.");

    public void Start() => _producer ??= create();

    public void Stop() => Interlocked.Exchange(ref _producer, null)?.Dispose();
}
