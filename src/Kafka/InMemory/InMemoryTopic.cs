using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A topic in memory. It keeps all that is produced to it. Thread-safe.</summary>
public sealed class InMemoryTopic
{
    internal const int MostPartitions = 1000;

    private readonly InMemoryKafka _kafka;
    private readonly Lock _lock = new();
    private readonly List<InMemoryRecord> _records = [];
    private readonly List<InMemoryRecord>[] _partitions;
    private uint _next;

    internal InMemoryTopic(InMemoryKafka kafka, string name, int partitions)
    {
        _kafka = kafka;
        Name = name;
        _partitions = new List<InMemoryRecord>[partitions];
        for (var i = 0; i < partitions; i++)
            _partitions[i] = [];
    }

    public string Name { get; }

    /// <summary>How many partitions it has.</summary>
    public int Partitions => _partitions.Length;

    /// <summary>What is on it now, in the order in which it was produced, of all partitions.</summary>
    public IReadOnlyList<InMemoryRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _records];
        }
    }

    /// <summary>
    /// What producing to it fails with, dead letters included, until that is set back to null, the default. Nothing is written meanwhile. What
    /// <see cref="Append"/> adds does not fail.
    /// </summary>
    public ProduceFailure? ProduceFailure { get; set; }

    internal string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Adds a message as any other program may have written it.</summary>
    /// <param name="key">Null for none.</param>
    /// <param name="value">Null for a tombstone.</param>
    /// <param name="headers">Null for none.</param>
    /// <param name="partition">Null when the key decides, as in production; messages without a key go to the partitions in turn.</param>
    /// <returns>The message as it lies there.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The topic has no such partition.</exception>
    public InMemoryRecord Append(byte[]? key, byte[]? value, Headers? headers = null, int? partition = null)
    {
        if (partition is { } number && (number < 0 || number >= Partitions))
            throw new ArgumentOutOfRangeException(nameof(partition), partition, $"'{Name}' has {Partitions} partitions.");

        var message = new Message<byte[], byte[]> { Key = key!, Value = value!, Headers = headers ?? [] };
        return Append(message, partition ?? Partition.Any);
    }

    /// <inheritdoc cref="Append"/>
    /// <param name="key">UTF-8 text; null for none.</param>
    /// <param name="value">UTF-8 text, such as JSON; null for a tombstone.</param>
    /// <param name="headers">Null for none.</param>
    /// <param name="partition">Null when the key decides.</param>
    public InMemoryRecord AppendText(string? key, string? value, Headers? headers = null, int? partition = null) =>
        Append(Bytes(key), Bytes(value), headers, partition);

    internal InMemoryRecord Append(Message<byte[], byte[]> message, Partition partition)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var time = message.Timestamp.Type == TimestampType.NotAvailable ? now : new DateTimeOffset(message.Timestamp.UtcDateTime);
        InMemoryRecord record;
        lock (_lock)
        {
            var number = partition == Partition.Any ? Choose(message.Key) : partition.Value;
            record = new InMemoryRecord(Name, number, _partitions[number].Count, message, time);
            _partitions[number].Add(record);
            _records.Add(record);
        }

        _kafka.Changed();
        return record;
    }

    internal InMemoryRecord? Read(int partition, long offset)
    {
        lock (_lock)
            return offset < _partitions[partition].Count ? _partitions[partition][(int)offset] : null;
    }

    /// <summary>The offset that the partition's next message gets.</summary>
    internal long End(int partition)
    {
        lock (_lock)
            return _partitions[partition].Count;
    }

    private int Choose(byte[]? key) => key is null ? (int)(_next++ % Partitions) : Murmur2.Partition(key, Partitions);

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
