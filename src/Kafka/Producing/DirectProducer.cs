using System.Diagnostics;
using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>The usual way to a topic: JSON and the usual headers, written without a send context. Thread-safe.</summary>
internal sealed class DirectProducer<TKey, T>(
    TopicSender sender, ISerializer<TKey> keySerializer, JsonValueWriter json, Func<T, Guid>? messageId, Func<T, Guid?> correlationId)
    where T : class
{
    private readonly MessageHeaderWriter _headers = new(sender.Host.Address, sender.Address);
    private readonly SerializationContext _keyContext = new(MessageComponentType.Key, sender.Topic);
    private readonly bool _writesText = ReferenceEquals(keySerializer, Serializers.Utf8);

    public Task ProduceAsync(TKey key, T message, CancellationToken cancellationToken)
    {
        if (KafkaActivities.AreListenedTo)
            return ProduceTracedAsync(key, message, cancellationToken);

        Task produced;
        try
        {
            produced = Produce(key, message, activity: null);
        }
        catch (Exception exception)
        {
            // Nothing of it is thrown at the call itself, as with a pipe.
            return Task.FromException(exception);
        }

        // The message cannot be called back: only the wait for it ends.
        return cancellationToken.CanBeCanceled ? produced.WaitAsync(cancellationToken) : produced;
    }

    private async Task ProduceTracedAsync(TKey key, T message, CancellationToken cancellationToken)
    {
        using var activity = KafkaActivities.StartSend(sender.Topic);
        try
        {
            await Produce(key, message, activity).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            KafkaActivities.Fail(activity, exception);
            throw;
        }
    }

    private Task Produce(TKey key, T message, Activity? activity)
    {
        var binding = json.BindingFor(message.GetType());
        var id = messageId is null ? NewId.NextGuid() : messageId(message);
        var correlation = correlationId(message);
        var record = RecordBuffer.Rent();
        try
        {
            WriteKey(record, key);
            _headers.Write(record, id, correlation, binding.Urn);
            record.SetJson(message, binding.Json);
            KafkaActivities.Tell(activity, id, record);
            return sender.Client.Produce(sender.Topic, record);
        }
        finally
        {
            record.Return();
        }
    }

    private void WriteKey(RecordBuffer record, TKey key)
    {
        if (key is string text && _writesText)
            record.SetKey(text);
        else if (keySerializer.Serialize(key, _keyContext) is { } bytes)
            record.SetKey(bytes);
    }
}
