using Confluent.Kafka;
using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class InMemoryProducingTests
{
    private readonly InMemoryKafka _kafka = new();

    public sealed record Begin(int Number);

    [Fact]
    public async Task What_is_produced_lies_on_its_topic_as_it_would_on_a_broker()
    {
        await using var host = await HarnessHost.StartAsync(_kafka, rider => rider.AddProducer<string, Warmth>("warmths"));
        var (warmth, id) = (Some.Warmth("dévice", 21.5), Guid.NewGuid());

        await host.Get<ITopicProducer<string, Warmth>>().Produce("kéy", warmth, Pipe.Execute<KafkaSendContext<string, Warmth>>(context =>
        {
            context.MessageId = id;
            context.Headers.Set("Own", "ü");
        }));
        await host.Get<ITopicProducer<string, Warmth>>().ProduceTombstone("kéy");

        var (record, tombstone) = (_kafka.Topic("warmths").Records[0], _kafka.Topic("warmths").Records[1]);
        Assert.Equal(("kéy", 0, 0L, id.ToString(), "ü"), (record.KeyText, record.Partition, record.Offset, record.Header("MessageId"), record.Header("Own")));
        Assert.Equal(warmth, record.Json<Warmth>());
        Assert.Equal(("kéy", null, 1L), (tombstone.KeyText, tombstone.Value, tombstone.Offset));
        Assert.Contains("Warmth", record.Header("MT-MessageType"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_for_all_that_is_sent_runs_first_also_where_the_key_is_taken_from_the_message()
    {
        await using var host = await HarnessHost.StartAsync(
            _kafka, rider => rider.AddProducer<string, Warmth>("warmths", context => context.Message.Device));

        await host.Get<ITopicProducer<Warmth>>().Produce(Some.Warmth("here"), new TwoStepPipe());

        var record = Assert.Single(_kafka.Topic("warmths").Records);
        Assert.Equal(("here", "first then last"), (record.KeyText, record.Header("Steps")));
    }

    [Fact]
    public async Task A_topic_that_is_made_to_fail_fails_its_producers_and_keeps_nothing()
    {
        await using var host = await HarnessHost.StartAsync(_kafka, rider => rider.AddProducer<string, Warmth>("warmths"));
        var producer = host.Get<ITopicProducer<string, Warmth>>();
        _kafka.Topic("warmths").ProduceFailure = ProduceFailure.QueueFull;

        var failure = await Assert.ThrowsAsync<TopicProduceException>(() => producer.Produce("k", Some.Warmth()));
        var kept = _kafka.Topic("warmths").Records;
        _kafka.Topic("warmths").ProduceFailure = null;
        await producer.Produce("k", Some.Warmth());

        Assert.Equal(("warmths", ProduceFailure.QueueFull), (failure.Topic, failure.Failure));
        Assert.Empty(kept);
        Assert.Single(_kafka.Topic("warmths").Records);
    }

    [Fact]
    public async Task What_the_client_would_refuse_is_refused()
    {
        await using var host = await HarnessHost.StartAsync(
            _kafka, rider => rider.AddProducer<string, Warmth>("warmths"), configure: (_, k) => k.MessageMaxBytes = 2000);
        var producer = host.Get<ITopicProducer<string, Warmth>>();

        var large = await Assert.ThrowsAsync<TopicProduceException>(() => producer.Produce("k", Some.Warmth(new string('x', 3000))));
        var nowhere = await Assert.ThrowsAsync<TopicProduceException>(() => host.Rider.SendAsync(new Uri("topic:warmths"), null, null, partition: 1));

        Assert.Contains("more than 2,000 bytes", large.Message, StringComparison.Ordinal);
        Assert.Contains("there are 1 partitions", nowhere.Message, StringComparison.Ordinal);
        Assert.All([large, nowhere], failure => Assert.Equal(ProduceFailure.Refused, failure.Failure));
        Assert.Empty(_kafka.Topic("warmths").Records);
    }

    [Fact]
    public async Task Bytes_are_produced_as_they_are()
    {
        _kafka.Topic("bytes", partitions: 2);
        await using var host = await HarnessHost.StartAsync(_kafka, _ => { });

        await host.Rider.SendAsync(new Uri("topic:bytes"), [1], [2], [new Header("Name", [3])], partition: 1);

        var record = Assert.Single(_kafka.Topic("bytes").Records);
        Assert.Equal((1, 1, 2, 3), (record.Partition, record.Key![0], record.Value![0], record.Headers.GetLastBytes("Name")[0]));
    }

    [Fact]
    public async Task An_outbox_takes_what_a_consumer_produces_and_the_rider_delivers_it_later()
    {
        var taken = new TaskCompletionSource<StoringOutbox>();
        await using var host = await HarnessHost.StartAsync(
            _kafka,
            rider => rider.AddProducer<string, Warmth>("warmths"),
            bus => bus.AddConsumer<Capturing>(),
            services: services => services.AddSingleton(taken));
        await host.Harness.Bus.Publish(new Begin(1));
        var stored = Assert.Single((await taken.Task.WaitAsync(Testing.Eventually.DefaultDeadline)).Messages);
        var before = _kafka.Topic("warmths").Records;

        await host.Rider.SendAsync(stored);

        Assert.Empty(before);
        var record = Assert.Single(_kafka.Topic("warmths").Records);
        Assert.Equal(("key", stored.MessageId.ToString()), (record.KeyText, record.Header("MessageId")));
    }

    [Fact]
    public async Task The_in_memory_outbox_of_MassTransit_lets_go_what_was_produced_when_the_consumer_ends_well()
    {
        await using var host = await HarnessHost.StartAsync(
            _kafka,
            rider =>
            {
                rider.AddConsumer<Forwarding>();
                rider.AddProducer<Begin>("begins");
                rider.AddProducer<string, Warmth>("warmths");
            },
            configure: (context, k) => k.TopicEndpoint<Begin>("begins", "group", endpoint =>
            {
                endpoint.UseInMemoryOutbox(context);
                endpoint.ConfigureConsumer<Forwarding>(context);
            }));

        await host.Get<ITopicProducer<Begin>>().Produce(new Begin(-1));
        await host.Get<ITopicProducer<Begin>>().Produce(new Begin(1));
        await _kafka.WhenConsumedAsync();

        Assert.Single(_kafka.Topic("begins.dlq").Records);
        Assert.Equal(1, Assert.Single(_kafka.Topic("warmths").Records).Json<Warmth>()!.Celsius);
    }

    private sealed class Forwarding(ITopicProducer<string, Warmth> warmths) : IConsumer<Begin>
    {
        public async Task Consume(ConsumeContext<Begin> context)
        {
            await warmths.Produce("key", Some.Warmth(celsius: context.Message.Number));
            if (context.Message.Number < 0)
                throw new InvalidOperationException("after it produced");
        }
    }

    private sealed class Capturing(TaskCompletionSource<StoringOutbox> taken, IServiceProvider services) : IConsumer<Begin>
    {
        public async Task Consume(ConsumeContext<Begin> context)
        {
            var outbox = new StoringOutbox(context, services);
            using (services.GetRequiredService<IScopedConsumeContextProvider>().PushContext(outbox))
                await services.GetRequiredService<ITopicProducer<string, Warmth>>().Produce("key", Some.Warmth());

            taken.SetResult(outbox);
        }
    }

    /// <summary>As MassTransit's own of what is sent with a context: a part that runs before all filters, and one that runs after them.</summary>
    private sealed class TwoStepPipe : IPipe<KafkaSendContext<Warmth>>, ISendContextPipe
    {
        public Task Send<T>(SendContext<T> context)
            where T : class
        {
            context.Headers.Set("Steps", "first");
            return Task.CompletedTask;
        }

        public Task Send(KafkaSendContext<Warmth> context)
        {
            context.Headers.Set("Steps", $"{context.Headers.Get<string>("Steps")} then last");
            return Task.CompletedTask;
        }

        public void Probe(ProbeContext context)
        {
        }
    }
}
