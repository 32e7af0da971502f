using Confluent.Kafka;
using IotBus.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotBus.Kafka.Tests;

public sealed class PartitionWorkerTests
{
    [Fact]
    public async Task A_partition_is_begun_when_the_worker_before_it_has_ended_however_that_was()
    {
        var before = new TaskCompletionSource();
        var worker = new CountingWorker();

        worker.Start(before.Task);
        Assert.Equal(0, worker.Runs);
        before.SetException(new InvalidOperationException("The worker before failed."));

        await worker.Running.WaitAsync(Eventually.DefaultDeadline);
        Assert.Equal(1, worker.Runs);
    }

    [Fact]
    public async Task What_is_late_moves_no_offset_of_a_partition_that_has_ended()
    {
        var session = new Session();
        var worker = new CountingWorker(session);
        worker.Start(Task.CompletedTask);
        await worker.Running.WaitAsync(Eventually.DefaultDeadline);

        worker.Finish(5);
        worker.Flush();
        worker.Finish(9);
        worker.End();
        worker.Flush();
        worker.Finish(12);
        worker.Flush();

        Assert.Equal([5], session.Stored.Select(offset => offset.Offset.Value));
    }

    private sealed class CountingWorker(Session? session = null)
        : PartitionWorker(session ?? new Session(), new TopicPartition("topic", 0), new TopicEndpointDefinition(["topic"], "group"))
    {
        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public void Finish(long next) => Store(next, 1);

        protected override Task RunAsync()
        {
            Interlocked.Increment(ref _runs);
            return Task.CompletedTask;
        }

        protected override void Accept(ConsumeResult<byte[], byte[]> result)
        {
        }

        protected override void Close()
        {
        }
    }

    private sealed class Session : IConsumerSession
    {
        public List<TopicPartitionOffset> Stored { get; } = [];

        public ILogger Logger => NullLogger.Instance;

        public string Name => "topic/group";

        public ICollection<PartitionWorker> Workers => [];

        public bool Steady => true;

        public void Run()
        {
        }

        public Task<TopicAssignment> DescribeAsync(TopicPartition partition, CancellationToken lost) => throw new NotSupportedException();

        public void Applied(int messages)
        {
        }

        public void Store(TopicPartitionOffset next) => Stored.Add(next);

        public Task RefreshWatermarksAsync() => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
