namespace IotBus.Kafka;

/// <summary>Takes a message's key from what is about to be produced: <c>context => context.Message.DeviceId</c>.</summary>
public delegate TKey KafkaKeyResolver<out TKey, T>(KafkaSendContext<T> context)
    where T : class;
