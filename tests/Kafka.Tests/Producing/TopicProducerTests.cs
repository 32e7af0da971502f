using System.Text;
using Confluent.Kafka;
using IotBus.Testing;
using MassTransit;

namespace IotBus.Kafka.Tests;

public sealed class TopicProducerTests
{
    public interface IOrder
    {
        Guid CorrelationId { get; }

        string Text { get; }
    }

    [Fact]
    public async Task A_message_is_made_of_an_anonymous_object_and_a_pipe_sets_what_goes_with_it()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("orders");
        await using var host = await HarnessHost.StartAsync(kafka, rider => rider.AddProducer<IOrder>(topic));
        var (message, correlation, conversation, initiator) = (NewId.NextGuid(), NewId.NextGuid(), NewId.NextGuid(), NewId.NextGuid());

        await host.Get<ITopicProducer<IOrder>>().Produce(new { Text = "text", __Header_Quick = "yes" }, Pipe.Execute<SendContext>(context =>
        {
            context.MessageId = message;
            context.CorrelationId = correlation;
            context.ConversationId = conversation;
            context.InitiatorId = initiator;
            context.Headers.Set("Special", new { Key = "Hello", Value = 3 });
            context.Headers.Set("Number", 17);
        }));

        var produced = Assert.Single(RawConsumer.Read(kafka, topic, 1));
        Assert.Null(produced.Key());
        Assert.Equal("""{"correlationId":"00000000-0000-0000-0000-000000000000","text":"text"}""", produced.Value());
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Quick"] = "yes",
                ["Special"] = """{"key":"Hello","value":3}""",
                ["Number"] = "17",
                ["MessageId"] = message.ToString(),
                ["CorrelationId"] = correlation.ToString(),
                ["ConversationId"] = conversation.ToString(),
                ["InitiatorId"] = initiator.ToString(),
                ["SourceAddress"] = "loopback://localhost/",
                ["DestinationAddress"] = $"loopback://localhost/kafka/{topic}",
                ["Content-Type"] = "application/json",
                ["MT-MessageType"] = "urn:message:IotBus.Kafka.Tests:TopicProducerTests+IOrder",
            },
            produced.Headers());
    }

    [Fact]
    public async Task A_key_comes_from_the_message_and_a_pipe_sees_it_and_may_choose_the_partition()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings", partitions: 3);
        await using var host = await HarnessHost.StartAsync(kafka, rider =>
            rider.AddProducer<string, Reading>(topic, context => context.Message.Device, (_, producer) => producer.MessageId(reading => reading.EventId)));
        var producer = host.Get<ITopicProducer<Reading>>();
        var warmth = Some.Warmth("one");
        string? seen = null;

        await producer.Produce(warmth);
        await producer.Produce(Some.Warmth("two"), Pipe.Execute<KafkaSendContext<Reading>>(context =>
        {
            seen = ((KafkaSendContext<string, Reading>)context).Key;
            context.Partition = 2;
        }));

        var produced = RawConsumer.Read(kafka, topic, 2).OrderBy(message => message.Key()).ToList();
        Assert.Equal(["one", "two"], produced.Select(message => message.Key()));
        Assert.Equal((warmth.EventId.ToString(), "urn:message:IotBus.Kafka.Tests:Warmth"), (produced[0].Headers()["MessageId"], produced[0].Headers()["MT-MessageType"]));
        Assert.Equal(("two", 2), (seen, produced[1].Partition.Value));
    }

    [Fact]
    public async Task A_pipe_and_no_pipe_make_the_same_message()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await RiderHost.StartAsync(rider =>
        {
            rider.AddProducer<string, Reading>(topic, (_, producer) =>
            {
                producer.MessageId(reading => reading.EventId);
                producer.UseJson(ReadingsJsonContext.Default);
            });
            rider.UsingKafka((_, k) => k.Host(kafka.BootstrapServers));
        });
        var (producer, warmth) = (host.Producer<string, Reading>(), Some.Warmth());

        await producer.Produce("a", warmth);
        await producer.Produce("a", warmth, Pipe.Empty<KafkaSendContext<string, Reading>>());

        var produced = RawConsumer.Read(kafka, topic, 2);
        Assert.Equal(produced[0].Message.Value, produced[1].Message.Value);
        var (direct, piped) = (produced[0].Headers(), produced[1].Headers());
        direct.Remove("ConversationId");
        piped.Remove("ConversationId");
        Assert.Equal(direct.OrderBy(header => header.Key), piped.OrderBy(header => header.Key));
    }

    [Fact]
    public async Task A_topic_that_is_known_only_at_run_time_has_a_producer_too()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (first, second) = (await kafka.CreateTopicAsync("first"), await kafka.CreateTopicAsync("second"));
        await using var host = await HarnessHost.StartAsync(kafka, _ => { });
        var provider = host.Get<ITopicProducerProvider>();

        await provider.GetProducer<string, Warmth>(new Uri($"topic:{first}")).Produce("key", Some.Warmth());
        await provider.GetProducer<Warmth>(new Uri($"loopback://localhost/kafka/{second}")).Produce(Some.Warmth());
        await provider.GetProducer<string, Warmth>(new Uri($"topic:{second}"), context => context.Message.Device).Produce(Some.Warmth("made"));

        Assert.Equal("key", Assert.Single(RawConsumer.Read(kafka, first, 1)).Key());
        Assert.Equal([null, "made"], RawConsumer.Read(kafka, second, 2).Select(message => message.Key()));
    }

    [Theory]
    [InlineData("queue:orders")]
    [InlineData("topic:no/topic")]
    [InlineData("loopback://localhost/orders")]
    public async Task An_address_that_is_no_topics_is_refused(string address)
    {
        await using var kafka = await KafkaServer.StartAsync();
        await using var host = await HarnessHost.StartAsync(kafka, _ => { });

        var exception = Assert.Throws<ArgumentException>(() => host.Get<ITopicProducerProvider>().GetProducer<string, Warmth>(new Uri(address)));

        Assert.Contains("give topic:NAME or loopback://localhost/kafka/NAME", exception.Message, StringComparison.Ordinal);
        Assert.False(host.Rider.IsTopic(new Uri(address)));
    }

    [Fact]
    public async Task A_tombstone_has_a_key_and_headers_and_no_value()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("states");
        await using var host = await HarnessHost.StartAsync(kafka, rider => rider.AddProducer<string, Warmth>(topic));

        await host.Get<ITopicProducer<string, Warmth>>().ProduceTombstone(
            "device", Pipe.Execute<KafkaSendContext<string, Tombstone>>(context => context.Headers.Set("Why", "gone")));

        var produced = Assert.Single(RawConsumer.Read(kafka, topic, 1));
        Assert.Equal(("device", null), (produced.Key(), produced.Value()));
        Assert.Equal("gone", produced.Headers()["Why"]);
        Assert.Equal("urn:message:IotBus.Kafka.Tests:Warmth", produced.Headers()["MT-MessageType"]);
        Assert.False(produced.Headers().ContainsKey("Content-Type"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => host.Get<ITopicProducer<string, Warmth>>().Produce("device", (Warmth)null!));
    }

    [Fact]
    public async Task Keys_values_and_headers_are_written_by_the_serializers_of_the_producer_and_a_pipe_may_set_others()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("own");
        await using var host = await HarnessHost.StartAsync(kafka, rider => rider.AddProducer<Version, Warmth>(topic, (_, producer) =>
        {
            producer.SetKeySerializer(new Words<Version>(version => $"v{version}"));
            producer.SetValueSerializer(new Words<Warmth>(warmth => $"{warmth.Celsius} degrees"));
            producer.SetHeadersSerializer(new OneHeader());
        }));
        var producer = host.Get<ITopicProducer<Version, Warmth>>();

        await producer.Produce(new Version(1, 2), Some.Warmth(celsius: 3));
        await producer.Produce(new Version(1, 2), Some.Warmth(celsius: 3), Pipe.Execute<KafkaSendContext<Version, Warmth>>(context =>
        {
            context.Key = new Version(3, 4);
            context.KeySerializer = new Words<Version>(version => $"{version.Major}").AsAsyncOverSync();
            context.ValueSerializer = new Words<Warmth>(_ => "warm").AsAsyncOverSync();
        }));

        var produced = RawConsumer.Read(kafka, topic, 2);
        Assert.Equal([("v1.2", "3 degrees"), ("3", "warm")], produced.Select(message => (message.Key(), message.Value())));
        Assert.All(produced, message => Assert.Equal([new("Only", topic)], message.Headers()));
    }

    [Fact]
    public async Task The_serialization_factory_of_the_rider_writes_what_producers_do_not_say()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("factory");
        await using var host = await HarnessHost.StartAsync(
            kafka, rider => rider.AddProducer<int, Warmth>(topic), configure: (_, k) => k.SetSerializationFactory(new WordsFactory()));

        await host.Get<ITopicProducer<int, Warmth>>().Produce(7, Some.Warmth("d", 1));

        var produced = Assert.Single(RawConsumer.Read(kafka, topic, 1));
        Assert.Equal("<7>", produced.Key());
        Assert.StartsWith("<Warmth {", produced.Value(), StringComparison.Ordinal);
        Assert.Equal("text/words", produced.Headers()["Content-Type"]);
    }

    [Fact]
    public async Task A_producer_with_settings_of_its_own_obeys_them_and_the_others_do_not()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (small, usual) = (await kafka.CreateTopicAsync("small"), await kafka.CreateTopicAsync("usual"));
        await using var host = await HarnessHost.StartAsync(kafka, rider =>
        {
            rider.AddProducer<string, Warmth>(small, new ProducerConfig { MessageMaxBytes = 1500 });
            rider.AddProducer<string, Noise>(usual);
        });

        var failure = await Assert.ThrowsAsync<TopicProduceException>(() =>
            host.Get<ITopicProducer<string, Warmth>>().Produce("a", Some.Warmth(new string('x', 2000))));
        await host.Get<ITopicProducer<string, Warmth>>().Produce("a", Some.Warmth());
        await host.Get<ITopicProducer<string, Noise>>().Produce("a", new Noise { EventId = Guid.NewGuid(), Device = new string('x', 2000), Decibel = 1 });

        Assert.Equal(ProduceFailure.Refused, failure.Failure);
        Assert.Single(RawConsumer.Read(kafka, small, 1));
        Assert.Single(RawConsumer.Read(kafka, usual, 1));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_begins_produces_nothing()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await HarnessHost.StartAsync(kafka, rider => rider.AddProducer<string, Warmth>(topic));
        var (producer, cancelled) = (host.Get<ITopicProducer<string, Warmth>>(), new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => producer.Produce("a", Some.Warmth(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => producer.Produce("a", new { Device = "d" }, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => producer.ProduceTombstone("a", cancelled));

        Assert.Empty(RawConsumer.Read(kafka, topic));
    }

    private sealed class Words<T>(Func<T, string> write) : ISerializer<T>
    {
        public byte[] Serialize(T data, SerializationContext context) => Encoding.UTF8.GetBytes(write(data));
    }

    private sealed class OneHeader : IHeadersSerializer
    {
        public Confluent.Kafka.Headers Serialize(SendContext context) =>
            [new Header("Only", Encoding.UTF8.GetBytes(context.DestinationAddress!.Segments[^1]))];
    }

    private sealed class WordsFactory : IKafkaSerializerFactory
    {
        public System.Net.Mime.ContentType ContentType { get; } = new("text/words");

        public IDeserializer<T> GetDeserializer<T>() => throw new NotSupportedException();

        public IAsyncSerializer<T> GetSerializer<T>() => new Words<T>(value => $"<{value}>").AsAsyncOverSync();
    }
}
