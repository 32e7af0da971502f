using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// The rider's producer clients: the one that all share, and one for each set of settings that differs. They live from the start of the rider to its
/// stop. Thread-safe.
/// </summary>
internal sealed class ProducerClients
{
    private readonly IKafkaCluster _cluster;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProducerSlot> _slots = [];
    private bool _started;

    public ProducerClients(IKafkaCluster cluster)
    {
        _cluster = cluster;
        Shared = Get(new ProducerConfig());
    }

    /// <summary>For dead letters, stored messages, and producers without settings of their own.</summary>
    public ProducerSlot Shared { get; }

    /// <param name="config">What differs from the rider's settings.</param>
    public ProducerSlot Get(ProducerConfig config)
    {
        // Settings that are told otherwise but are the same share a client. Nothing of this text is ever shown.
        var key = string.Join('\n', config.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}={setting.Value}"));
        lock (_lock)
        {
            if (_slots.TryGetValue(key, out var slot))
                return slot;

            _slots[key] = slot = new ProducerSlot(() => _cluster.CreateProducer(config));
            if (_started)
                slot.Start();

            return slot;
        }
    }

    /// <exception cref="MassTransit.ConfigurationException">librdkafka refuses a setting; the message names it.</exception>
    public void Start()
    {
        lock (_lock)
        {
            _started = true;
            foreach (var slot in _slots.Values)
                slot.Start();
        }
    }

    /// <summary>Ends when every message has its report; that takes no longer than the delivery timeout.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _started = false;

            // It may wait for its last messages.
            return Task.WhenAll(_slots.Values.Select(slot => Task.Run(slot.Stop)));
        }
    }
}
