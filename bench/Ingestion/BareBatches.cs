using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using IotBus.Bench.Traffic;
using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Bench.Ingestion;

/// <summary>
/// A batch the short way: each line is deserialized, serialized again and produced with Confluent.Kafka, with the Api's headers and settings; the answer waits
/// until the broker has acknowledged all. A bad line or a full queue fails the request.
/// </summary>
internal sealed class BareBatches : IDisposable
{
    private readonly IProducer<byte[], byte[]> _producer;

    public BareBatches(string bootstrapServers)
    {
        Librdkafka.EnsureLoaded();
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            CompressionType = CompressionType.Lz4,
            LingerMs = 1,
            DeliveryReportFields = "status",
        }).Build();
    }

    public async Task<BareBatchAnswer> ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        var deliveries = new Deliveries();
        var headers = new EventHeaders(Topics.Telemetry);
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            body.AdvanceTo(TakeLines(read.Buffer, headers, deliveries), read.Buffer.End);
            if (read.IsCompleted)
                return new BareBatchAnswer(await deliveries.AllAsync(), 0, []);
        }
    }

    public void Dispose() => _producer.Dispose();

    private SequencePosition TakeLines(in ReadOnlySequence<byte> buffer, EventHeaders headers, Deliveries deliveries)
    {
        var lines = new SequenceReader<byte>(buffer);
        while (lines.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            var reader = new Utf8JsonReader(line);
            var reading = JsonSerializer.Deserialize(ref reader, MessagesJsonContext.Default.TelemetryRecorded)!;
            deliveries.Expect();
            _producer.Produce(
                Topics.Telemetry,
                new Message<byte[], byte[]>
                {
                    Key = Encoding.UTF8.GetBytes(reading.DeviceId),
                    Value = JsonSerializer.SerializeToUtf8Bytes(reading, MessagesJsonContext.Default.TelemetryRecorded),
                    Headers = headers.Of(reading),
                },
                deliveries.Report);
        }

        return lines.Position;
    }

    /// <summary>Counts what one request waits for. It starts with one, for the request itself.</summary>
    private sealed class Deliveries
    {
        private readonly TaskCompletionSource<int> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _open = 1;
        private int _expected;

        public void Expect()
        {
            _expected++;
            Interlocked.Increment(ref _open);
        }

        public void Report(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
                _all.TrySetException(new KafkaException(report.Error));
            else
                Close();
        }

        public Task<int> AllAsync()
        {
            Close();
            return _all.Task;
        }

        private void Close()
        {
            if (Interlocked.Decrement(ref _open) == 0)
                _all.TrySetResult(_expected);
        }
    }
}
