using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Bench.Traffic;

/// <summary>Puts events on a topic as the Api does: the same key, value, partitioner and compression. Not thread-safe.</summary>
internal sealed class TopicFiller : IDisposable
{
    /// <summary>Events that arrive in one request, and so share a trace.</summary>
    private const int EventsPerTrace = 2_000;

    private readonly string _bootstrapServers;
    private readonly string _topic;
    private readonly HeaderSet _set;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private EventHeaders _headers;
    private int _encoded;
    private volatile Error? _failure;

    public TopicFiller(string bootstrapServers, string topic, HeaderSet headers = HeaderSet.Api)
    {
        Librdkafka.EnsureLoaded();
        _bootstrapServers = bootstrapServers;
        _topic = topic;
        _set = headers;
        _headers = new EventHeaders(topic, headers);
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            CompressionType = CompressionType.Lz4,
            LingerMs = 100,
            QueueBufferingMaxMessages = 2_000_000,
            QueueBufferingMaxKbytes = 2_000_000,
            DeliveryReportFields = "status",
        }).Build();
    }

    /// <summary>Encodes events ahead, so that nothing but producing is left to do.</summary>
    public Message<byte[], byte[]>[] Encode(SensorFleet fleet, int count)
    {
        var messages = new Message<byte[], byte[]>[count];
        for (var i = 0; i < count; i++)
            messages[i] = Encode(fleet.Next());

        return messages;
    }

    /// <summary>Produces, and waits until the broker has all.</summary>
    public void Produce(ReadOnlySpan<Message<byte[], byte[]>> messages)
    {
        foreach (var message in messages)
            _producer.Produce(_topic, message, Report);

        Flush();
    }

    /// <summary>Encodes and produces, for more events than should be in memory at a time.</summary>
    public void Fill(SensorFleet fleet, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _producer.Produce(_topic, Encode(fleet.Next()), Report);
            if (i % 100_000 == 99_999)
                Flush();
        }

        Flush();
    }

    /// <summary>Asks the broker how many it has.</summary>
    /// <exception cref="BenchException">It has dropped some.</exception>
    public void RequireAll(int partitions, long count)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = _bootstrapServers, GroupId = "bench-count" }).Build();
        var kept = 0L;
        for (var partition = 0; partition < partitions; partition++)
        {
            var offsets = consumer.QueryWatermarkOffsets(new TopicPartition(_topic, partition), TimeSpan.FromSeconds(10));
            kept += offsets.High - offsets.Low;
        }

        if (kept != count)
            throw new BenchException($"The broker keeps only {kept} of the {count} events of {_topic}: use more partitions, or fewer events.");
    }

    public void Dispose() => _producer.Dispose();

    private Message<byte[], byte[]> Encode(TelemetryRecorded reading)
    {
        if (++_encoded % EventsPerTrace == 0)
            _headers = new EventHeaders(_topic, _set);

        if (!_keys.TryGetValue(reading.DeviceId, out var key))
            _keys[reading.DeviceId] = key = Encoding.UTF8.GetBytes(reading.DeviceId);

        return new Message<byte[], byte[]>
        {
            Key = key,
            Value = JsonSerializer.SerializeToUtf8Bytes(reading, MessagesJsonContext.Default.TelemetryRecorded),
            Headers = _headers.Of(reading),
        };
    }

    private void Flush()
    {
        _producer.Flush(TimeSpan.FromSeconds(60));
        if (_failure is { } failure)
            throw new BenchException($"The events did not reach the topic {_topic}: {failure.Reason}");
    }

    private void Report(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
            _failure = report.Error;
    }
}
