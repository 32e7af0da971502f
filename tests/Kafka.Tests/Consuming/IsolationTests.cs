using System.Text;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class IsolationTests
{
    [Fact]
    public async Task Messages_that_fail_are_found_in_their_batch_and_put_aside_and_all_others_are_applied_once()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using (var raw = new RawProducer(kafka))
        {
            foreach (var n in Enumerable.Range(0, 40))
                await raw.ProduceAsync(topic, NoiseHost.Json(n));
        }

        recorder.OnBatch = (batch, _) => batch.Messages.Any(message => Decibel(message) is 7 or 8 or 31)
            ? throw new InvalidOperationException("one of them is bad")
            : Task.CompletedTask;
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint =>
        {
            endpoint.BatchAttempts = 2;
            endpoint.RetryDelay = TimeSpan.FromMilliseconds(20);
        });

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 40, state: host.Log.ToString);
        Assert.Equal(Enumerable.Range(0, 40).Except([7, 8, 31]), recorder.Messages.Select(message => Decibel(message)));
        var letters = RawConsumer.Read(kafka, topic + ".dlq", 3);
        Assert.Equal(["7", "8", "31"], letters.Select(letter => Text(letter.Message.Headers, DeadLetterHeaders.Offset)));
        Assert.All(letters, letter => Assert.Equal("consumer_failed", Text(letter.Message.Headers, DeadLetterHeaders.Reason)));

        // The parts cover the batch without a gap, in order.
        foreach (var (earlier, later) in recorder.Batches.Zip(recorder.Batches.Skip(1)))
            Assert.True(earlier.Last < later.First);
    }

    [Fact]
    public async Task A_failure_of_the_surroundings_puts_nothing_aside_however_often_it_comes()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder, tries) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder(), 0);
        using (var raw = new RawProducer(kafka))
        {
            await raw.ProduceAsync(topic, NoiseHost.Json(1));
            await raw.ProduceAsync(topic, NoiseHost.Json(2));
        }

        recorder.OnBatch = (_, _) => ++tries < 6 ? throw new IOException("the disk is full") : Task.CompletedTask;
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint =>
        {
            endpoint.BatchAttempts = 2;
            endpoint.RetryDelay = TimeSpan.FromMilliseconds(10);
            endpoint.MaxRetryDelay = TimeSpan.FromMilliseconds(50);
        });

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 2, state: host.Log.ToString);
        Assert.Equal([1, 2], recorder.Messages.Select(message => Decibel(message)));
        Assert.Empty(RawConsumer.Read(kafka, topic + ".dlq"));
    }

    private static int Decibel(TopicMessage<Reading> message) => ((Noise)message.Message).Decibel;

    private static string Text(Confluent.Kafka.Headers headers, string name) => Encoding.UTF8.GetString(headers.GetLastBytes(name));
}
