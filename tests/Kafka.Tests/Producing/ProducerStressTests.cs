using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>Many threads at one producer: each message is acknowledged or refused, once, and what the topic holds is what was acknowledged.</summary>
public sealed class ProducerStressTests
{
    private const int Threads = 4;

    [Fact]
    public async Task Of_200_000_messages_of_four_threads_through_a_small_queue_each_is_acknowledged_or_refused_once()
    {
        const int Each = 50_000;
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("stress", 3);
        var deliveries = new Task[Threads][];

        using (var producer = Producers.Start(kafka, new ProducerSettings { MaxQueuedMessages = 200, DeliveryTimeout = TimeSpan.FromMinutes(1) }))
        {
            await OnThreadsAsync(thread =>
            {
                var own = deliveries[thread] = new Task[Each];
                var oldest = 0;
                for (var i = 0; i < Each; i++)
                {
                    own[i] = producer.Produce(topic, Producers.Message(key: BitConverter.GetBytes(i), value: BitConverter.GetBytes(thread)));

                    // What is refused stays refused; the next one is tried when the oldest that waits is through.
                    if (!own[i].IsFaulted)
                        continue;

                    while (own[oldest].IsCompleted && oldest < i)
                        oldest++;

                    Assert.NotEqual(-1, Task.WaitAny([own[oldest]], Eventually.DefaultDeadline));
                }
            });
        }

        var all = deliveries.SelectMany(own => own).ToList();
        Assert.All(all, delivery => Assert.True(delivery.IsCompleted));
        var refused = all.Where(delivery => delivery.IsFaulted).ToList();
        Assert.All(refused, delivery => Assert.Equal(ProduceFailure.QueueFull, Assert.IsType<TopicProduceException>(delivery.Exception!.InnerException).Failure));
        Assert.NotEmpty(refused);
        Assert.Equal(Threads * Each, refused.Count + HeldBy(kafka, topic, 3));
    }

    [Fact]
    public async Task A_producer_that_closes_while_threads_produce_ends_every_delivery_and_loses_none_that_it_acknowledged()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("closing", 3);
        var producer = Producers.Start(kafka, new ProducerSettings { DeliveryTimeout = TimeSpan.FromMinutes(1) });
        var deliveries = new List<Task>[Threads];

        var producing = OnThreadsAsync(thread =>
        {
            var own = deliveries[thread] = [];
            do
                own.Add(producer.Produce(topic, Producers.Message(value: [1])));
            while (!own[^1].IsFaulted || own[^1].Exception!.InnerException is TopicProduceException { Failure: ProduceFailure.QueueFull });
        });
        await Eventually.TrueAsync(() => producer.Queued > 1000);
        producer.Dispose();
        await producing.WaitAsync(Eventually.DefaultDeadline);

        var all = deliveries.SelectMany(own => own).ToList();
        Assert.All(all, delivery => Assert.True(delivery.IsCompleted));
        Assert.Equal(all.Count(delivery => delivery.IsCompletedSuccessfully), HeldBy(kafka, topic, 3));
        Assert.Equal(0, producer.Queued);
    }

    private static Task OnThreadsAsync(Action<int> work) =>
        Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () => work(thread), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private static long HeldBy(KafkaServer kafka, string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.BootstrapServers, GroupId = "unused" }).Build();
        return Enumerable.Range(0, partitions)
            .Sum(partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), Eventually.DefaultDeadline).High.Value);
    }
}
