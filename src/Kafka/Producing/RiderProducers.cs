using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>The producers of a rider: those that were registered, and those that were asked for by their topic. Thread-safe.</summary>
internal sealed class RiderProducers
{
    private readonly ConcurrentDictionary<ProducerKey, object> _producers = new();
    private readonly Dictionary<(Type Key, Type Message), ProducerKey> _registered = [];

    public RiderProducers(ProducerHost host, IEnumerable<ProducerDefinition> definitions)
    {
        Host = host;
        foreach (var definition in definitions)
        {
            _producers[definition.Key] = definition.Create(host);
            _registered[(definition.Key.KeyType, definition.Key.MessageType)] = definition.Key;
        }
    }

    public ProducerHost Host { get; }

    /// <exception cref="ConfigurationException">None was registered.</exception>
    public ITopicProducer<TKey, T> Get<TKey, T>()
        where T : class =>
        _registered.TryGetValue((typeof(TKey), typeof(T)), out var key)
            ? (ITopicProducer<TKey, T>)_producers[key]
            : throw new ConfigurationException(
                $"There is no producer of {typeof(T).Name} with a key of type {typeof(TKey).Name}: "
                + $"call AddProducer<{typeof(TKey).Name}, {typeof(T).Name}>(\"topic\") in AddRider.");

    public ITopicProducer<TKey, T> Get<TKey, T>(string topic)
        where T : class =>
        (ITopicProducer<TKey, T>)_producers.GetOrAdd(
            new ProducerKey(topic, typeof(TKey), typeof(T)),
            static (key, host) => new ProducerDefinition<TKey, T>(key.Topic).Create(host),
            Host);

    /// <summary>The producer that was registered for a topic and a message type, whatever its keys are; otherwise one without keys.</summary>
    public ICapturingProducer<T> Capturing<T>(string topic)
        where T : class
    {
        foreach (var key in _registered.Values)
        {
            if (key.Topic == topic && key.MessageType == typeof(T))
                return (ICapturingProducer<T>)_producers[key];
        }

        return (ICapturingProducer<T>)Get<Null, T>(topic);
    }

    /// <exception cref="ArgumentException">It is no address of a topic of this rider.</exception>
    public string TopicOf(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return KafkaAddress.TryGetTopic(address, out var topic)
            ? topic
            : throw new ArgumentException(
                $"'{address}' is no topic's address: give topic:NAME or {KafkaAddress.OfTopic(Host.Address, "NAME")}, where NAME has 1 to 249 letters, "
                + "digits, dots, hyphens or underscores.",
                nameof(address));
    }
}
