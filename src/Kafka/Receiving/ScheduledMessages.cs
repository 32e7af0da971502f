using System.Net.Mime;
using Confluent.Kafka;
using MassTransit;
using Partition = Confluent.Kafka.Partition;

namespace IotBus.Kafka;

/// <summary>
/// Makes of messages that an endpoint's own consumers are to get later what an outbox stores: raw JSON with its headers, the class, and key and place of what
/// is being consumed. They need not be of a type that is on the topic.
/// </summary>
internal sealed class ScheduledMessages(ProducerHost host)
{
    private static readonly ContentType Json = new("application/json");
    private static readonly IAsyncSerializer<byte[]?> Bytes = new AsyncSerializer<byte[]?>(DefaultSerializers.Find<byte[]?>()!);

    /// <param name="group">The endpoint's.</param>
    /// <param name="topic">One of the endpoint's, if it is known.</param>
    /// <param name="message">The message.</param>
    /// <param name="pipe">Sets what the caller and the scheduler want to be set.</param>
    /// <param name="consuming">What is being consumed; null outside consumers.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<SendContext<T>> CaptureAsync<T>(
        string group, string? topic, T message, IPipe<SendContext<T>> pipe, ConsumeContext? consuming, CancellationToken cancellationToken)
        where T : class
    {
        var came = consuming is not null && consuming.TryGetPayload(out TopicReceiveContext? receive) ? receive : null;
        var json = new JsonValueWriter(JsonTypes.Default, typeof(T));
        var context = new KafkaMessageSendContext<byte[]?, T>(
            came?.Result.Message.Key, message, Bytes, new JsonValueSerializer<T>(json).AsAsyncOverSync(), Json, cancellationToken)
        {
            DestinationAddress = KafkaAddress.OfGroup(host.Address, group),
            Serialization = host.Serialization,
        };
        if (consuming is not null)
            context.TransferConsumeContextHeaders(consuming);

        await host.SendPipe.Send(context).ConfigureAwait(false);
        await pipe.Send(context).ConfigureAwait(false);
        context.SourceAddress ??= host.Address;
        context.ConversationId ??= NewId.NextGuid();

        var value = JsonValueWriter.Write(message, json.BindingFor(message.GetType()));
        var headers = DictionaryHeadersSerialize.Serializer.Serialize(context) ?? [];
        var type = StoredOrigin.NameOf(RuntimeTypes.Of<T>(message));
        var origin = came is null || (topic is not null && came.GroupId != group)
            ? new StoredOrigin(type, topic ?? "", Partition: 0, Offset: 0)
            : new StoredOrigin(type, came.Topic, came.Partition, came.Offset);
        context.Capture(new TopicRecord(origin.Topic, Partition.Any, context.Key, value, headers) { Origin = origin });
        return context;
    }
}
