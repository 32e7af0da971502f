using System.Collections.Concurrent;
using IotBus.Testing;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class InMemoryDeliveryTests
{
    private readonly InMemoryKafka _kafka = new();

    [Fact]
    public async Task A_consumer_gets_each_message_with_its_key_place_and_headers_and_their_offsets_are_committed()
    {
        var (id, seen) = (Guid.NewGuid(), new Seen());
        List<(string? Key, int? Partition, long? Offset, string? Topic, Guid? Id, string? Own)> contexts = [];
        seen.OnMessage = context =>
        {
            contexts.Add((context.GetKey<string>(), context.Partition(), context.Offset(), context.Topic(), context.MessageId, context.Headers.Get<string>("own")));
            return Task.CompletedTask;
        };
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", seen);

        _kafka.Topic("noises").AppendText("device-1", NoiseHost.Json(1), [new("MessageId", Bytes($"{id}")), new("own", Bytes("header ä"))]);
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(2));
        await _kafka.WhenConsumedAsync();

        Assert.Equal(("device-1", 0, 0L, "noises", id, "header ä"), contexts[0]);
        Assert.Equal((null, 0, 1L, "noises", MessageIds.Of("noises", 0, 1), null), contexts[1]);
        Assert.Equal(2, _kafka.Committed("group", "noises"));
    }

    [Fact]
    public async Task An_endpoint_may_read_headers_in_a_form_of_its_own()
    {
        var (seen, own) = (new Seen(), new List<string?>());
        seen.OnMessage = context =>
        {
            own.Add(context.Headers.Get<string>("own"));
            return Task.CompletedTask;
        };
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", seen, (_, endpoint) => endpoint.SetHeadersDeserializer(new ReversedHeaders()));

        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1), [new("own", Bytes("abc"))]);
        await _kafka.WhenConsumedAsync();

        Assert.Equal(["cba"], own);
    }

    [Fact]
    public async Task Keys_are_worked_at_once_each_in_order_and_offsets_wait_for_the_slowest()
    {
        var (seen, gate, slow) = (new Seen(), new TaskCompletionSource(), new ConcurrentQueue<int>());
        seen.OnMessage = async context =>
        {
            if (context.GetKey<string>() == "slow")
            {
                await gate.Task;
                slow.Enqueue(context.Message.Decibel);
            }
        };
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", seen, (_, endpoint) => endpoint.ConcurrentDeliveryLimit = 10);

        for (var decibel = 0; decibel < 20; decibel++)
            _kafka.Topic("noises").AppendText(decibel % 2 == 0 ? "slow" : $"{decibel}", NoiseHost.Json(decibel));
        await Eventually.TrueAsync(() => seen.Messages.Count == 10, state: host.Log.ToString);
        var before = _kafka.Committed("group", "noises");
        gate.SetResult();
        await _kafka.WhenConsumedAsync();

        Assert.Null(before);
        Assert.Equal(Enumerable.Range(0, 10).Select(n => n * 2), slow);
        Assert.Equal(20, _kafka.Committed("group", "noises"));
    }

    [Fact]
    public async Task A_key_goes_to_the_partition_that_production_chooses_and_batches_are_of_one_partition_in_order()
    {
        var (recorder, topic) = (new Recorder(), _kafka.Topic("readings", partitions: 3));
        await using var host = await InMemoryReadings.StartAsync(_kafka, "readings", "group", recorder);

        for (var decibel = 0; decibel < 60; decibel++)
            topic.AppendText($"device-{decibel % 6}", NoiseHost.Json(decibel));
        await _kafka.WhenConsumedAsync();

        Assert.All(topic.Records, record => Assert.Equal(Murmur2.Partition(record.Key, 3), record.Partition));
        Assert.Equal(60, recorder.Count);
        Assert.All(recorder.Batches.GroupBy(batch => batch.Assignment.Partition), partition => Assert.Equal(
            topic.Records.Where(record => record.Partition == partition.Key).Select(record => record.Offset),
            partition.SelectMany(batch => batch.Messages).Select(message => message.Offset)));
        Assert.All(recorder.Batches, batch => Assert.NotNull(batch.Assignment.TopicId));
    }

    [Fact]
    public async Task A_batch_holds_what_waited_while_the_one_before_was_applied_up_to_its_bound()
    {
        var (recorder, gate) = (new Recorder(), new TaskCompletionSource());
        recorder.OnBatch = (_, cancellationToken) => gate.Task.WaitAsync(cancellationToken);
        _kafka.Topic("readings").AppendText(null, NoiseHost.Json(0));
        await using var host = await InMemoryReadings.StartAsync(_kafka, "readings", "group", recorder, endpoint =>
        {
            endpoint.MaxBatchSize = 10;
            endpoint.PrefetchCount = 20;
        });
        for (var decibel = 1; decibel < 100; decibel++)
            _kafka.Topic("readings").AppendText(null, NoiseHost.Json(decibel));

        gate.SetResult();
        await _kafka.WhenConsumedAsync();

        Assert.Equal(Enumerable.Range(0, 100).Select(n => (long)n), recorder.Messages.Select(message => message.Offset));
        Assert.All(recorder.Batches, batch => Assert.InRange(batch.Messages.Count, 1, 10));
    }

    [Fact]
    public async Task A_window_that_is_full_takes_no_more_until_there_is_room()
    {
        var (seen, gate) = (new Seen(), new TaskCompletionSource());
        seen.OnMessage = _ => gate.Task;
        for (var decibel = 0; decibel < 50; decibel++)
            _kafka.Topic("noises").AppendText("d", NoiseHost.Json(decibel));

        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "windowed", seen, (_, endpoint) =>
        {
            endpoint.MaxBatchSize = 1;
            endpoint.PrefetchCount = 4;
        });
        await Eventually.TrueAsync(() => host.Bus.CheckHealth().Status == BusHealthStatus.Healthy, state: host.Log.ToString);
        gate.SetResult();
        await _kafka.WhenConsumedAsync();

        Assert.Equal(Enumerable.Range(0, 50), seen.Messages.Select(message => message.Decibel));
    }

    [Fact]
    public async Task An_endpoint_that_begins_at_the_latest_sees_what_is_produced_after_the_start()
    {
        var seen = new Seen();
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1));
        await using var host = await NoiseHost.StartAsync(
            _kafka, "noises", "group", seen, (_, endpoint) => endpoint.AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Latest);

        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(2));
        await _kafka.WhenConsumedAsync();

        Assert.Equal([2], seen.Messages.Select(message => message.Decibel));
        Assert.Equal(2, _kafka.Committed("group", "noises"));
    }

    [Fact]
    public async Task Without_an_offset_an_endpoint_that_may_choose_none_is_unhealthy_and_says_why()
    {
        var seen = new Seen();
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1));
        await using var host = await NoiseHost.StartAsync(
            _kafka, "noises", "group", seen, (_, endpoint) => endpoint.AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Error);

        await Eventually.TrueAsync(
            () => host.Bus.CheckHealth().Endpoints.Values.Any(endpoint => endpoint.Description?.Contains("noises[0] has no committed offset", StringComparison.Ordinal) == true),
            state: host.Log.ToString);

        Assert.NotEqual(BusHealthStatus.Healthy, host.Bus.CheckHealth().Status);
        Assert.Empty(seen.Messages);
    }

    [Fact]
    public async Task A_pattern_consumes_topics_that_match_it_also_later_ones_and_leaves_dead_letters_alone()
    {
        var seen = new Seen();
        await using var host = await NoiseHost.StartAsync(_kafka, "^noises-.*", "group", seen);

        _kafka.Topic("noises-1").AppendText(null, NoiseHost.Json(1));
        _kafka.Topic("noises-2").AppendText(null, "no JSON");
        _kafka.Topic("noises-2").AppendText(null, NoiseHost.Json(2));
        _kafka.Topic("other").AppendText(null, NoiseHost.Json(3));
        await _kafka.WhenConsumedAsync();

        Assert.Equal([1, 2], seen.Messages.Select(message => message.Decibel).Order());
        Assert.Single(_kafka.Topic("noises-2.dlq").Records);
        Assert.Null(_kafka.Committed("group", "noises-2.dlq"));
    }

    [Fact]
    public async Task A_pattern_leaves_dead_letters_of_other_names_alone_when_it_is_told()
    {
        var seen = new Seen();
        await using var host = await NoiseHost.StartAsync(_kafka, "^noises.*", "group", seen, (_, endpoint) =>
        {
            endpoint.DeadLetterTopic = topic => topic + ".dead";
            endpoint.ConfigureClient = client => client.TopicBlacklist = @"\.dead$";
        });

        _kafka.Topic("noises").AppendText(null, "no JSON");
        await _kafka.WhenConsumedAsync();

        Assert.Single(_kafka.Topic("noises.dead").Records);
        Assert.Null(_kafka.Committed("group", "noises.dead"));
    }

    [Fact]
    public async Task Missing_topics_are_made_before_the_start_returns()
    {
        await using var host = await NoiseHost.StartAsync(
            _kafka, "noises", "group", new Seen(), (_, endpoint) => endpoint.CreateIfMissing(options => options.NumPartitions = 3));

        Assert.Equal(["noises", "noises.dlq"], _kafka.Topics.Select(topic => topic.Name));
        Assert.All(_kafka.Topics, topic => Assert.Equal(3, topic.Partitions));
    }

    [Fact]
    public async Task An_endpoint_that_is_connected_while_the_bus_runs_consumes_until_it_is_stopped()
    {
        var seen = new Seen();
        await using var host = await RiderHost.StartAsync(
            rider =>
            {
                rider.AddConsumer<NoiseConsumer>();
                rider.UsingKafka((_, _) => { });
            },
            services => services.AddSingleton(seen).AddInMemoryKafka(_kafka));
        var rider = host.Services.GetRequiredService<IKafkaRider>();

        var handle = rider.ConnectTopicEndpoint<Noise>("noises", "group", (context, endpoint) => endpoint.ConfigureConsumer<NoiseConsumer>(context));
        await handle.Ready.WaitAsync(Eventually.DefaultDeadline);
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1));
        await _kafka.WhenConsumedAsync();
        await handle.StopAsync();
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(2));
        await _kafka.WhenConsumedAsync();

        Assert.Equal([1], seen.Messages.Select(message => message.Decibel));
        Assert.Equal(1, _kafka.Committed("group", "noises"));
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private sealed class ReversedHeaders : IHeadersDeserializer
    {
        public IHeaderProvider Deserialize(Confluent.Kafka.Headers headers)
        {
            Confluent.Kafka.Headers reversed = [];
            foreach (var header in headers)
                reversed.Add(header.Key, [.. header.GetValueBytes().Reverse()]);

            return DictionaryHeadersSerialize.Deserializer.Deserialize(reversed);
        }
    }
}
