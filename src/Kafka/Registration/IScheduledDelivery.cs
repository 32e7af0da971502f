namespace IotBus.Kafka;

/// <summary>
/// Says, when it is in the container, that somebody gives to <see cref="IKafkaRider.DispatchAsync"/> what is scheduled for topic endpoints. Then redelivery
/// on an endpoint that has a message scheduler goes by that, and not out of memory.
/// </summary>
public interface IScheduledDelivery;
