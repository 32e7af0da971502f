using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class KilledMemberTests
{
    [Fact]
    public async Task Three_members_of_which_one_leaves_and_one_dies_with_messages_in_hand_lose_nothing_and_keep_each_partitions_order()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group) = (await kafka.CreateTopicAsync("readings", 6), kafka.NewGroup());
        Seen[] seen = [new(), new()];
        var done = new CancellationTokenSource();
        using var raw = new RawProducer(kafka);
        await using var stays = await NoiseHost.StartAsync(kafka, topic, group, seen[0], (_, endpoint) => endpoint.ConcurrentDeliveryLimit = 10);
        var sending = Task.Run(() => SendAsync(raw, topic, seen, done.Token));
        await Eventually.TrueAsync(() => seen[0].Messages.Count > 100, state: stays.Log.ToString);

        var leaves = await NoiseHost.StartAsync(kafka, topic, group, seen[1]);
        using (var dies = new DyingMember(kafka, topic, group))
        {
            await Eventually.TrueAsync(() => seen[1].Messages.Count > 100 && dies.Taken > 20, state: () => $"{dies.Taken}\n{stays.Log}\n{leaves.Log}");
            await leaves.DisposeAsync();
        }

        var reached = seen[0].Messages.Count;
        await Eventually.TrueAsync(() => seen[0].Messages.Count > reached + 100, state: stays.Log.ToString);
        await done.CancelAsync();
        var sent = await sending;

        await Eventually.TrueAsync(() => Applied().Distinct().Count() == sent, state: () => $"{Applied().Distinct().Count()} of {sent}\n{stays.Log}");
        Assert.Equal(Enumerable.Range(0, sent), Applied().Distinct().Order());

        IEnumerable<int> Applied() => seen.SelectMany(member => member.Messages).Select(message => message.Decibel);
    }

    private static async Task<int> SendAsync(RawProducer raw, string topic, Seen[] seen, CancellationToken done)
    {
        var sent = 0;
        while (!done.IsCancellationRequested)
        {
            await Task.WhenAll(Enumerable.Range(sent, 24).Select(n => raw.ProduceAsync(topic, NoiseHost.Json(n), partition: n % 6, key: $"device-{n % 12}")));
            sent += 24;

            // No further ahead than the embedded broker can keep.
            await Eventually.TrueAsync(() => seen.Sum(member => member.Messages.Count) > sent - 2000);
        }

        return sent;
    }

    /// <summary>
    /// A member of the group that takes messages, applies and commits none, and goes without a word, as a process that is killed: the others get its
    /// partitions when its session has expired.
    /// </summary>
    private sealed class DyingMember : IDisposable
    {
        private readonly IConsumer<byte[], byte[]> _consumer;
        private readonly CancellationTokenSource _dead = new();
        private readonly Task _polling;
        private int _taken;

        public DyingMember(KafkaServer kafka, string topic, string group)
        {
            _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
            {
                BootstrapServers = kafka.BootstrapServers,
                GroupId = group,
                EnableAutoCommit = false,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                SessionTimeoutMs = kafka.IsReal ? 6000 : 2000,
                HeartbeatIntervalMs = 500,
                PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            }).Build();
            _consumer.Subscribe(topic);
            _polling = Task.Factory.StartNew(Poll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public int Taken => Volatile.Read(ref _taken);

        public void Dispose()
        {
            _dead.Cancel();
            _polling.Wait();

            // Without Close the group is not told.
            _consumer.Dispose();
            _dead.Dispose();
        }

        private void Poll()
        {
            while (!_dead.IsCancellationRequested)
            {
                if (_consumer.Consume(100) is not null)
                    Interlocked.Increment(ref _taken);
            }
        }
    }
}
