using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Bench.Producing;

/// <summary>
/// The least a program does: the value serialized with the source-generated context, Confluent.Kafka's <c>Produce</c>, and a count of what was acknowledged.
/// The producer's settings are the rider's. It writes no headers, unless it is asked to write those that the rider writes.
/// </summary>
internal sealed class RawProducingLoop : IProducingLoop
{
    public const string Name = "raw";

    /// <summary>With headers.</summary>
    public const string NameWithHeaders = "raw-headers";

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly string _topic;
    private readonly Traffic.EventHeaders? _headers;
    private readonly Action<DeliveryReport<byte[], byte[]>> _report;
    private TaskCompletionSource _acknowledged = new();
    private int _left;

    public RawProducingLoop(string bootstrapServers, string topic, bool headers)
    {
        Librdkafka.EnsureLoaded();
        _topic = topic;
        _headers = headers ? new Traffic.EventHeaders(topic) : null;
        _report = Report;
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            CompressionType = CompressionType.Lz4,
            LingerMs = 1,
            QueueBufferingMaxMessages = 100_000,
            QueueBufferingMaxKbytes = 256 * 1024,
            DeliveryReportFields = "status",
        }).Build();
    }

    public async Task ProduceAsync(IReadOnlyList<TelemetryRecorded> readings)
    {
        foreach (var window in readings.Chunk(ProducingLoops.Window))
        {
            _acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _left = window.Length;
            foreach (var reading in window)
            {
                var message = new Message<byte[], byte[]>
                {
                    Key = Encoding.UTF8.GetBytes(reading.DeviceId),
                    Value = JsonSerializer.SerializeToUtf8Bytes(reading, MessagesJsonContext.Default.TelemetryRecorded),
                };
                if (_headers is not null)
                    message.Headers = _headers.Of(reading);

                _producer.Produce(_topic, message, _report);
            }

            await _acknowledged.Task;
        }
    }

    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Report(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
            _acknowledged.TrySetException(new BenchException($"a message was not acknowledged: {report.Error.Reason}"));
        else if (Interlocked.Decrement(ref _left) == 0)
            _acknowledged.TrySetResult();
    }
}
