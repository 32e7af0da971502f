namespace IotBus.Kafka;

/// <summary>Hands a batch to its consumer and waits until it is applied.</summary>
internal delegate Task BatchDispatch<T>(TopicBatch<T> batch, CancellationToken cancellationToken)
    where T : class;
