using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace IotBus.Kafka.Tests;

/// <summary>
/// An outbox as a persistence library has it: keeps of what is sent what MassTransit's contract tells it, as text, and gives that back.
/// </summary>
internal sealed class StoringOutbox(ConsumeContext context, IServiceProvider services) : ConsumeContextProxy(context), OutboxSendContext
{
    public List<StoredMessage> Messages { get; } = [];

    public Task AddSend<T>(SendContext<T> context)
        where T : class
    {
        var properties = new Dictionary<string, object>();
        ((TransportSendContext)context).WritePropertiesTo(properties);
        Messages.Add(new StoredMessage
        {
            MessageId = context.MessageId!.Value,
            DestinationAddress = context.DestinationAddress,
            SentTime = context.SentTime,
            ContentType = context.ContentType!.ToString(),
            Body = context.Serializer.GetMessageBody(context).GetString(),
            PropertiesText = SystemTextJsonMessageSerializer.Instance.SerializeDictionary(properties)!,
        });
        return Task.CompletedTask;
    }

    public object? GetService(Type serviceType) => services.GetService(serviceType);
}
