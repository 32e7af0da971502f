using IotBus.Kafka.Embedded;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class BacklogGuardTests
{
    [Fact]
    public async Task The_embedded_broker_drops_the_oldest_batches_of_a_partition_beyond_its_bound()
    {
        await using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("unguarded", 1);
        using var producer = new PartitionFiller(kafka);

        await producer.ProduceAsync("unguarded", EmbeddedKafka.PartitionBytes - (512 * 1024));
        Assert.Equal(0, producer.FirstOffsetKept("unguarded"));

        await producer.ProduceAsync("unguarded", 1024 * 1024);
        Assert.True(producer.FirstOffsetKept("unguarded") > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_the_consumers_stopped_everything_acknowledged_stays_readable_and_the_rest_fails_until_they_have_caught_up(bool compressible)
    {
        await using var kafka = new EmbeddedKafka();
        var server = KafkaServer.Around(kafka);
        var topic = await server.CreateTopicAsync("readings", 2);
        var (group, recorder) = (server.NewGroup(), new Recorder());
        await using var guard = new BacklogGuard(kafka, group);
        await using var host = await ReadingsHost.ProducerAsync(server, topic, k => k.GuardBacklog(guard));
        var producer = host.Producer<string, Reading>();

        List<Guid> acknowledged = [];
        HashSet<ProduceFailure> failures = [];
        async Task ProduceAsync(int count)
        {
            var readings = Enumerable.Range(0, count).Select(_ => Some.Warmth(compressible ? new string('x', 1000) : NoiseText(1000))).ToList();
            var tasks = readings.Select((reading, n) => producer.Produce($"key-{n % 8}", reading)).ToList();
            for (var i = 0; i < tasks.Count; i++)
            {
                try
                {
                    await tasks[i];
                    acknowledged.Add(readings[i].EventId);
                }
                catch (TopicProduceException exception)
                {
                    failures.Add(exception.Failure);
                }
            }
        }

        while (acknowledged.Count < 500 || failures.Count == 0)
            await ProduceAsync(500);

        await ProduceAsync(2000);
        Assert.Equal([ProduceFailure.BacklogFull], failures);
        Assert.Equal(acknowledged.Order(), RawConsumer.Read(server, topic, acknowledged.Count).Select(IdOf).Order());

        await using var consumer = await ReadingsHost.ConsumerAsync(server, topic, group, recorder);
        await Eventually.TrueAsync(() => recorder.Count == acknowledged.Count);
        Assert.Equal(acknowledged.Order(), recorder.Messages.Select(message => message.Message.EventId).Order());

        failures.Clear();
        await Eventually.TrueAsync(async () =>
        {
            failures.Clear();
            await ProduceAsync(1000);
            return failures.Count == 0;
        });
    }

    private static Guid IdOf(Confluent.Kafka.ConsumeResult<byte[], byte[]> result) =>
        System.Text.Json.JsonDocument.Parse(result.Message.Value).RootElement.GetProperty("id").GetGuid();

    private static string NoiseText(int length) => Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(length / 2));
}
