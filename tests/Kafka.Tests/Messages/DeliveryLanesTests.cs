using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class DeliveryLanesTests
{
    [Fact]
    public async Task Each_key_is_worked_in_order_and_one_at_a_time_however_many_are_worked_at_once()
    {
        const int Keys = 37, Count = 20_000, Limit = 8;
        var (running, most, done) = (0, 0, 0);
        var busy = new int[Keys];
        var seen = Enumerable.Range(0, Keys).Select(_ => new List<long>()).ToArray();
        var lanes = new DeliveryLanes(Limit, async delivery =>
        {
            var key = int.Parse(Encoding.UTF8.GetString(delivery.Result.Message.Key), null);
            Assert.Equal(1, Interlocked.Increment(ref busy[key]));
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (delivery.Place % 3 == 0)
                await Task.Yield();

            seen[key].Add(delivery.Place);
            Interlocked.Decrement(ref running);
            Interlocked.Decrement(ref busy[key]);
            Interlocked.Increment(ref done);
        });
        lanes.Open();

        for (var n = 0; n < Count; n++)
            lanes.Add(Delivery(n, $"{n * 7 % Keys}"));

        await Eventually.TrueAsync(() => Volatile.Read(ref done) == Count);
        Assert.InRange(most, 1, Limit);
        Assert.All(seen, places => Assert.Equal(places.Order(), places));
    }

    [Fact]
    public async Task With_a_limit_of_one_the_order_is_that_of_the_partition()
    {
        ConcurrentQueue<long> seen = [];
        var lanes = new DeliveryLanes(1, async delivery =>
        {
            await Task.Yield();
            seen.Enqueue(delivery.Place);
        });
        lanes.Open();

        for (var n = 0; n < 500; n++)
            lanes.Add(Delivery(n, n % 2 == 0 ? null : $"{n % 5}"));

        await Eventually.TrueAsync(() => seen.Count == 500);
        Assert.Equal(Enumerable.Range(0, 500).Select(n => (long)n), seen);
    }

    [Fact]
    public async Task A_key_that_waits_stops_no_other_and_messages_without_a_key_wait_for_none()
    {
        var (slow, seen) = (new TaskCompletionSource(), new ConcurrentQueue<long>());
        var lanes = new DeliveryLanes(3, async delivery =>
        {
            if (delivery.Result.Message.Key is { } key && key[0] == 's')
                await slow.Task;

            seen.Enqueue(delivery.Place);
        });
        lanes.Open();

        lanes.Add(Delivery(0, "slow"));
        lanes.Add(Delivery(1, "slow"));
        for (var n = 2; n < 100; n++)
            lanes.Add(Delivery(n, n % 2 == 0 ? null : "other"));

        await Eventually.TrueAsync(() => seen.Count == 98);
        await Eventually.TrueAsync(() => lanes.Running == 1);
        slow.SetResult();
        await Eventually.TrueAsync(() => seen.Count == 100);
        Assert.Equal([0L, 1L], seen.Skip(98));
    }

    [Fact]
    public async Task A_work_that_blocks_its_thread_holds_up_no_other_key()
    {
        using var blocked = new ManualResetEventSlim();
        var seen = new ConcurrentQueue<long>();
        var lanes = new DeliveryLanes(2, delivery =>
        {
            if (delivery.Place == 0)
                blocked.Wait(Eventually.DefaultDeadline);

            seen.Enqueue(delivery.Place);
            return Task.CompletedTask;
        });

        for (var n = 0; n < 10; n++)
            lanes.Add(Delivery(n, $"{n}"));

        lanes.Open();
        await Eventually.TrueAsync(() => seen.Count == 9);
        Assert.DoesNotContain(0L, seen);
        blocked.Set();
        await Eventually.TrueAsync(() => seen.Count == 10);
    }

    [Fact]
    public async Task What_they_enter_with_flows_to_each_work_and_what_a_work_sets_is_its_own()
    {
        const int Count = 200;
        var flowing = new AsyncLocal<string?>();
        var seen = new ConcurrentQueue<string?>();
        var lanes = new DeliveryLanes(
            2,
            async delivery =>
            {
                seen.Enqueue(flowing.Value);
                if (delivery.Place % 3 == 0)
                    await Task.Yield();

                flowing.Value = "a work's own";
            },
            () => flowing.Value = "entered");
        lanes.Open();

        for (var n = 0; n < Count; n++)
            lanes.Add(Delivery(n, $"{n % 5}"));

        await Eventually.TrueAsync(() => seen.Count == Count);
        Assert.All(seen, value => Assert.Equal("entered", value));
        Assert.Null(flowing.Value);
    }

    [Fact]
    public async Task A_close_lets_what_is_worked_end_and_drops_what_waits()
    {
        var (release, seen, begun) = (new TaskCompletionSource(), new ConcurrentQueue<long>(), 0);
        var lanes = new DeliveryLanes(2, async delivery =>
        {
            Interlocked.Increment(ref begun);
            await release.Task;
            seen.Enqueue(delivery.Place);
        });
        lanes.Open();
        for (var n = 0; n < 10; n++)
            lanes.Add(Delivery(n, $"{n}"));

        await Eventually.TrueAsync(() => Volatile.Read(ref begun) == 2);
        lanes.Close();
        Assert.False(lanes.Ended.IsCompleted);
        release.SetResult();

        await lanes.Ended.WaitAsync(Eventually.DefaultDeadline);
        lanes.Add(Delivery(10, "10"));
        Assert.Equal(2, seen.Count);
        Assert.Equal(0, lanes.Running);
    }

    [Fact]
    public async Task Nothing_is_worked_before_they_are_opened_and_closed_lanes_that_never_opened_have_ended()
    {
        var seen = new ConcurrentQueue<long>();
        var lanes = new DeliveryLanes(2, delivery =>
        {
            seen.Enqueue(delivery.Place);
            return Task.CompletedTask;
        });

        lanes.Add(Delivery(0, "a"));
        Assert.Empty(seen);
        lanes.Close();
        lanes.Open();

        await lanes.Ended.WaitAsync(Eventually.DefaultDeadline);
        Assert.Empty(seen);
    }

    private static TopicDelivery Delivery(long place, string? key) => new(
        new ConsumeResult<byte[], byte[]> { Message = new Message<byte[], byte[]> { Key = key is null ? null! : Encoding.UTF8.GetBytes(key) } },
        place);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
