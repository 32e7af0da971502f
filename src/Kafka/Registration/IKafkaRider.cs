using Confluent.Kafka;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Transports;
using Headers = Confluent.Kafka.Headers;
using Partition = Confluent.Kafka.Partition;

namespace IotBus.Kafka;

/// <summary>The Kafka rider of a bus. It starts and stops with the bus. Thread-safe.</summary>
public interface IKafkaRider : IRiderControl, ITopicProducerProvider
{
    /// <summary>The producer registered for these types. The same for the life of the rider, and part of no consumer's scope.</summary>
    /// <exception cref="ConfigurationException">None was registered with <c>AddProducer</c>.</exception>
    ITopicProducer<TKey, T> GetProducer<TKey, T>()
        where T : class;

    /// <summary>
    /// Adds a topic endpoint to the rider, configured as in <c>UsingKafka</c>. It starts at once if the bus runs, and with it otherwise.
    /// </summary>
    /// <returns>Tells when it has joined its group, and stops it.</returns>
    /// <exception cref="MassTransit.ConfigurationException">It is configured wrongly, or the topic has an endpoint of this group.</exception>
    HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        string topic, string group, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<T>> configure)
        where T : class;

    /// <inheritdoc cref="ConnectTopicEndpoint{T}(string, string, Action{IRiderRegistrationContext, ITopicEndpointConfigurator{T}})"/>
    HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, T>(
        string topic, string group, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class;

    /// <inheritdoc cref="ConnectTopicEndpoint{T}(string, string, Action{IRiderRegistrationContext, ITopicEndpointConfigurator{T}})"/>
    HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        string topic, ConsumerConfig consumerConfig, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<T>> configure)
        where T : class;

    /// <inheritdoc cref="ConnectTopicEndpoint{T}(string, string, Action{IRiderRegistrationContext, ITopicEndpointConfigurator{T}})"/>
    HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, T>(
        string topic, ConsumerConfig consumerConfig, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class;

    /// <summary>
    /// Whether an address is a topic's of this rider: what an outbox asks of a stored message's <c>DestinationAddress</c> to know who delivers it.
    /// </summary>
    bool IsTopic(Uri address);

    /// <summary>
    /// Produces a message that an outbox has stored: the same key, value, partition, headers and <c>MessageId</c> as if it had been produced when it was
    /// stored, which is its time on Kafka too. The task ends with the acknowledgement of all in-sync replicas. The order of calls is the order on a
    /// partition, so that many may be under way at once. What fails may have been written: deliver it again.
    /// </summary>
    /// <remarks>
    /// <para>How an outbox comes by it: when a consumer whose context has an <c>OutboxSendContext</c> produces, the outbox's <c>AddSend</c> gets a
    /// send context whose <c>DestinationAddress</c> is the topic's address, whose body is the value as it goes to Kafka, raw JSON and no envelope,
    /// and which is a <c>TransportSendContext</c>: what <c>WritePropertiesTo</c> tells must be stored, and be given back as
    /// <see cref="OutboxMessageContext.Properties"/>. Nothing else is needed: neither its headers nor its type is read from elsewhere.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">It is for no topic of this rider, or no producer of a rider made it, or its properties are missing.</exception>
    /// <exception cref="TopicProduceException">It was not acknowledged.</exception>
    /// <exception cref="InvalidOperationException">The bus is not started.</exception>
    Task SendAsync(OutboxMessageContext message, CancellationToken cancellationToken = default);

    /// <summary>
    /// Produces messages that an outbox has stored, as <see cref="SendAsync(OutboxMessageContext, CancellationToken)"/> does, many under way at once. Of those
    /// with one key one is, so that none overtakes another whatever fails: those behind one that failed fail with it, and are not produced.
    /// </summary>
    /// <returns>A task for each message. Does not throw.</returns>
    IReadOnlyList<Task> SendAll(IReadOnlyList<OutboxMessageContext> messages, CancellationToken cancellationToken = default);

    /// <summary>
    /// Whether an address is of a topic endpoint, in this process or in another: messages for it are for the endpoint's own consumers, and on no topic. The
    /// endpoint's group decides, so that they find it when its topics have changed; of several endpoints of one group in a process the one that consumes the
    /// topic gets them, whose message was consumed when they were scheduled, and else the first.
    /// </summary>
    bool IsEndpoint(Uri address);

    /// <summary>
    /// Gives a message that an outbox has stored to the consumers of an endpoint of this process. The task ends when they have consumed it, after the endpoint's
    /// retries, or when it is where the endpoint puts what fails: the dead-letter topic. It may be consumed again after a crash: an inbox makes that once.
    /// </summary>
    /// <exception cref="ArgumentException">It was not made by <see cref="CaptureAsync{T}"/>, or its properties are missing.</exception>
    /// <exception cref="InvalidOperationException">The bus is not started, this process has no such endpoint, or its consumers take batches.</exception>
    Task DispatchAsync(OutboxMessageContext message, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives messages that an outbox has stored to an endpoint's consumers, as <see cref="DispatchAsync"/> does: as many at once as its
    /// <c>ConcurrentMessageLimit</c> says, or 16, of each key one. Those behind one of their key that failed fail with it, and come to no consumer.
    /// </summary>
    /// <returns>A task for each message. Does not throw.</returns>
    IReadOnlyList<Task> DispatchAll(IReadOnlyList<OutboxMessageContext> messages, CancellationToken cancellationToken = default);

    /// <summary>Whether the bus runs, and has an endpoint in this process to which <see cref="DispatchAsync"/> gives what is for this address.</summary>
    bool HasEndpoint(Uri address);

    /// <summary>
    /// Makes of a message that is to be sent later what an outbox stores. For a topic's address: what <see cref="SendAsync(OutboxMessageContext, CancellationToken)"/>
    /// produces, with the registered producer's serializers and key. For the address of an endpoint, or for the topic that <paramref name="consuming"/> came
    /// from, which is how MassTransit's sagas and redelivery address their own endpoint: what <see cref="DispatchAsync"/> takes, of whatever type.
    /// </summary>
    /// <exception cref="ArgumentException">It is no address of this rider.</exception>
    Task<SendContext<T>> CaptureAsync<T>(
        Uri destination, T message, IPipe<SendContext<T>> pipe, ConsumeContext? consuming = null, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>Produces bytes to a topic as they are, with the rider's client. Ends, and keeps the order, as a producer does.</summary>
    /// <param name="destination">A topic's address, or <c>topic:name</c>.</param>
    /// <param name="key">Null for none.</param>
    /// <param name="value">Null for a tombstone.</param>
    /// <param name="headers">Null for none.</param>
    /// <param name="partition">Null when the key, or chance, decides.</param>
    /// <param name="cancellationToken">Ends the wait; what was handed to the client is produced all the same.</param>
    /// <exception cref="ArgumentException">It is no topic of this rider.</exception>
    /// <exception cref="TopicProduceException">It was not acknowledged.</exception>
    /// <exception cref="InvalidOperationException">The bus is not started.</exception>
    Task SendAsync(
        Uri destination, byte[]? key, byte[]? value, Headers? headers = null, Partition? partition = null, CancellationToken cancellationToken = default);
}
