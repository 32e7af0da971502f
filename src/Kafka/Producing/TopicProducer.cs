using Confluent.Kafka;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <inheritdoc cref="ITopicProducer{TKey,T}"/>
internal sealed class TopicProducer<TKey, T> : ITopicProducer<TKey, T>
    where T : class
{
    private readonly KafkaRider _rider;
    private readonly string _topic;
    private readonly JsonValueWriter _json;
    private readonly Func<TKey, byte[]?> _serializeKey;
    private readonly Func<T, Guid>? _messageId;
    private readonly Func<T, Guid?> _correlationId;
    private readonly MessageHeaderWriter _headers;

    public TopicProducer(KafkaRider rider, IBusInstance bus, string topic, ProducerDefinition<TKey, T> definition)
    {
        _rider = rider;
        _topic = topic;
        _json = definition.Json;
        _serializeKey = definition.KeySerializer!;
        _messageId = definition.MessageIdOf;
        _correlationId = definition.CorrelationIdOf ?? ByConvention(bus);
        _headers = new MessageHeaderWriter(bus.HostConfiguration.HostAddress, KafkaAddress.OfTopic(bus.HostConfiguration.HostAddress, topic));
    }

    public Task Produce(TKey key, T message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);

        var binding = _json.BindingFor(message.GetType());
        var messageId = _messageId is null ? NewId.NextGuid() : _messageId(message);
        var produced = _rider.Producer.Produce(_topic, new Message<byte[], byte[]>
        {
            Key = _serializeKey(key)!,
            Value = JsonValueWriter.Write(message, binding),
            Headers = _headers.Write(messageId, _correlationId(message), binding.Header),
        });

        // The message cannot be called back: only the wait for it ends.
        return cancellationToken.CanBeCanceled ? produced.WaitAsync(cancellationToken) : produced;
    }

    /// <summary>MassTransit's conventions: what the bus's send topology says, then what the process's does.</summary>
    private static Func<T, Guid?> ByConvention(IBusInstance bus)
    {
        foreach (var send in (ISendTopology[])[bus.HostConfiguration.Topology.SendTopology, GlobalTopology.Send])
        {
            if (send.GetMessageTopology<T>() is IMessageSendTopologyConfigurator<T> topology
                && topology.TryGetConvention<ICorrelationIdMessageSendTopologyConvention<T>>(out var convention)
                && convention.TryGetMessageCorrelationId(out var correlationId))
            {
                return message => correlationId.TryGetCorrelationId(message, out var id) ? id : null;
            }
        }

        return _ => null;
    }
}
