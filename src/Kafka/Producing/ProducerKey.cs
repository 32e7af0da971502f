namespace IotBus.Kafka;

/// <summary>What tells a rider's producers apart.</summary>
internal readonly record struct ProducerKey(string Topic, Type KeyType, Type MessageType);
