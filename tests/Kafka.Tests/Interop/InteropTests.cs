using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using IotBus.Testing;
using MassTransit;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace IotBus.Kafka.Tests;

#pragma warning disable CA1859 // The methods that read headers with defaults are the interface's.
/// <summary>MassTransit's own Kafka rider and this one on the same topics: the bytes of both, as data.</summary>
public sealed class InteropTests
{
    private static readonly Guid Id = Guid.Parse("0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d");

    [Fact]
    public async Task What_MassTransits_rider_writes_is_read_here()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder);
        var messages = WireMessage.Load("masstransit-8.4.0.json");
        using var producer = new RawProducer(kafka);

        foreach (var message in messages)
            await producer.ProduceAsync(topic, message.ToMessage());

        await Eventually.TrueAsync(() => recorder.Count == messages.Count);
        Assert.Equal(
            ["11110000-aabb-11ee-0000-0242ac120002", "55550000-aabb-11ee-0000-0242ac120002", "66660000-aabb-11ee-0000-0242ac120002"],
            recorder.Messages.Select(message => message.MessageId.ToString()));
        Assert.All(recorder.Messages, message => Assert.Equal(new Warmth { EventId = Id, Device = "dévice", Celsius = 20.5 }, message.Message));
    }

    [Fact]
    public void Keys_and_headers_of_MassTransits_rider_are_read_by_the_default_serializers()
    {
        var messages = WireMessage.Load("masstransit-8.4.0.json");
        var (factory, key) = (new DefaultKafkaSerializerFactory(), new SerializationContext(MessageComponentType.Key, "readings"));

        MassTransit.Headers headers = new JsonTransportHeaders(DictionaryHeadersSerialize.Deserializer.Deserialize(messages[0].ToMessage().Headers));

        Assert.Equal("dévice", factory.GetDeserializer<string>().Deserialize(messages[0].Key, false, key));
        Assert.Equal(Id, factory.GetDeserializer<Guid>().Deserialize(messages[1].Key, false, key));
        Assert.Equal(Guid.Parse("11110000-aabb-11ee-0000-0242ac120002"), headers.Get<Guid>("MessageId"));
        Assert.Equal(17, headers.Get<int>("Number"));
        Assert.True(headers.Get<bool>("Flag"));
        Assert.Equal("loopback://localhost/", headers.Get<string>("SourceAddress"));
        Assert.Equal("World", headers.Get<Special>("Special")?.Value);
    }

    [Fact]
    public async Task What_is_written_here_is_byte_by_byte_what_it_was()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await HarnessHost.StartAsync(kafka, rider => rider.AddProducer<string, Warmth>(topic));
        var expected = Assert.Single(WireMessage.Load("iotbus.json"));

        await host.Get<ITopicProducer<string, Warmth>>().Produce("dévice", new Warmth { EventId = Id, Device = "dévice", Celsius = 20.5 }, Pipe.Execute<SendContext>(context =>
        {
            context.MessageId = Guid.Parse("11110000-aabb-11ee-0000-0242ac120002");
            context.CorrelationId = Guid.Parse("22220000-aabb-11ee-0000-0242ac120002");
            context.ConversationId = Guid.Parse("33330000-aabb-11ee-0000-0242ac120002");
            context.InitiatorId = Guid.Parse("44440000-aabb-11ee-0000-0242ac120002");
            context.DestinationAddress = new Uri("loopback://localhost/kafka/readings");
            context.Headers.Set("Special", new Special("Hello", "World"));
            context.Headers.Set("Number", 17);
            context.Headers.Set("Flag", true);
        }));

        var message = Assert.Single(RawConsumer.Read(kafka, topic, 1)).Message;
        Assert.Equal(expected.Key, message.Key);
        Assert.Equal(expected.Value, message.Value);
        Assert.Equal(expected.Headers.Select(Text), message.Headers.Select(header => Text((header.Key, header.GetValueBytes()))));
    }

    [Fact]
    public void What_is_written_here_MassTransits_rider_reads_as_it_reads_its_own()
    {
        var message = Assert.Single(WireMessage.Load("iotbus.json"));

        // Its header deserializer makes a dictionary of UTF-8 text, and its value deserializer uses the core's JSON options.
        var text = message.Headers.ToDictionary(header => header.Name, header => (object)Encoding.UTF8.GetString(header.Value));
        MassTransit.Headers headers = new JsonTransportHeaders(new DictionaryHeaderProvider(text));
        var warmth = JsonSerializer.Deserialize<Warmth>(message.Value, SystemTextJsonMessageSerializer.Options);

        Assert.Equal(new Warmth { EventId = Id, Device = "dévice", Celsius = 20.5 }, warmth);
        Assert.Equal(
            ["11110000-aabb-11ee-0000-0242ac120002", "22220000-aabb-11ee-0000-0242ac120002", "33330000-aabb-11ee-0000-0242ac120002", "44440000-aabb-11ee-0000-0242ac120002"],
            ((string[])["MessageId", "CorrelationId", "ConversationId", "InitiatorId"]).Select(name => headers.Get<Guid>(name).ToString()));
        Assert.Equal("loopback://localhost/", headers.Get<string>("SourceAddress"));
        Assert.Equal(17, headers.Get<int>("Number"));
        Assert.Equal("World", headers.Get<Special>("Special")?.Value);
        Assert.Equal("dévice", Deserializers.Utf8.Deserialize(message.Key, false, new SerializationContext(MessageComponentType.Key, "readings")));
    }

    private static string Text((string Name, byte[] Value) header) => $"{header.Name}: {Encoding.UTF8.GetString(header.Value)}";

    private sealed record Special(string Key, string Value);
}
