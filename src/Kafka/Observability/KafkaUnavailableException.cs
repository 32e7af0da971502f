namespace IotBus.Kafka;

/// <summary>Kafka did not answer. The message names its address.</summary>
public sealed class KafkaUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
