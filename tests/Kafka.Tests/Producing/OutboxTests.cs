using Confluent.Kafka;
using IotBus.Testing;
using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>Messages that an outbox of a persistence library takes, keeps, and hands to the rider later.</summary>
public sealed class OutboxTests
{
    public sealed record Begin(Guid CorrelationId);

    [Fact]
    public async Task A_message_that_an_outbox_took_is_delivered_later_as_if_it_had_been_produced_then()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings", partitions: 3);
        await using var host = await StartAsync(kafka, rider => rider.AddProducer<string, Warmth>(topic));
        var warmth = Some.Warmth("dévice");
        var pipe = Pipe.Execute<KafkaSendContext<string, Warmth>>(context =>
        {
            context.MessageId = warmth.EventId;
            context.Partition = 1;
            context.Headers.Set("Empty", "");
            context.Headers.Set("Naïve & more", "= ü");
        });

        var stored = Assert.Single(await CaptureAsync(host, (consuming, services) =>
            services.GetRequiredService<ITopicProducer<string, Warmth>>().Produce("kéy", warmth, pipe)));
        var before = RawConsumer.Read(kafka, topic);
        await host.Get<ITopicProducer<string, Warmth>>().Produce("kéy", warmth, pipe);
        await host.Rider.SendAsync(stored);

        Assert.Empty(before);
        Assert.Equal((warmth.EventId, "application/json"), (stored.MessageId, stored.ContentType));
        Assert.True(host.Rider.IsTopic(stored.DestinationAddress!));
        Assert.True(host.Rider.IsTopic(new Uri($"rabbitmq://elsewhere:5673/kafka/{topic}"))); // As it was stored when the bus was there.
        var produced = RawConsumer.Read(kafka, topic, 2);
        Assert.Equal(produced[0].Message.Key, produced[1].Message.Key);
        Assert.Equal(produced[0].Message.Value, produced[1].Message.Value);
        Assert.All(produced, message => Assert.Equal(1, message.Partition.Value));
        var (direct, delivered) = (produced[0].Headers(), produced[1].Headers());
        Assert.NotEmpty(delivered["InitiatorId"]);
        foreach (var own in (string[])["ConversationId", "InitiatorId", "SourceAddress"])
        {
            direct.Remove(own);
            delivered.Remove(own);
        }

        Assert.Equal(direct.OrderBy(header => header.Key), delivered.OrderBy(header => header.Key));
    }

    [Fact]
    public async Task A_tombstone_and_a_value_that_is_no_text_survive_an_outbox_that_keeps_text()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("bytes");
        byte[] bytes = [0, 255, 158, 233, 101];
        await using var host = await StartAsync(kafka, rider => rider.AddProducer<byte[], Warmth>(topic, (_, producer) =>
            producer.SetValueSerializer(new Fixed<Warmth>(bytes))));

        var stored = await CaptureAsync(host, async (_, services) =>
        {
            var producer = services.GetRequiredService<ITopicProducer<byte[], Warmth>>();
            await producer.Produce([128], Some.Warmth());
            await producer.ProduceTombstone([128]);
            await producer.Produce(null!, Some.Warmth());
        });
        foreach (var message in stored)
            await host.Rider.SendAsync(message);

        var produced = RawConsumer.Read(kafka, topic, 3);
        Assert.Equal([bytes, null, bytes], produced.Select(message => message.Message.Value));
        Assert.Equal([[128], [128], null], produced.Select(message => message.Message.Key));
    }

    [Fact]
    public async Task What_the_outbox_stored_has_the_time_at_which_it_was_produced()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await StartAsync(kafka, rider => rider.AddProducer<string, Warmth>(topic));
        var stored = Assert.Single(await CaptureAsync(host, (_, services) =>
            services.GetRequiredService<ITopicProducer<string, Warmth>>().Produce("key", Some.Warmth())));
        var time = new DateTime(2026, 5, 4, 10, 0, 0, 123, DateTimeKind.Utc);

        await host.Rider.SendAsync(stored with { SentTime = time });

        Assert.Equal(time, Assert.Single(RawConsumer.Read(kafka, topic, 1)).Message.Timestamp.UtcDateTime);
    }

    [Fact]
    public async Task A_stored_message_that_is_none_of_a_producer_is_refused_with_what_is_missing()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await StartAsync(kafka, _ => { });
        var message = new StoredMessage
        {
            MessageId = Guid.NewGuid(),
            DestinationAddress = new Uri($"loopback://localhost/kafka/{topic}"),
            ContentType = "x/y",
            Body = "{}",
            PropertiesText = "{}",
        };

        var lost = await Assert.ThrowsAsync<ArgumentException>(() => host.Rider.SendAsync(message));
        var elsewhere = await Assert.ThrowsAsync<ArgumentException>(() => host.Rider.SendAsync(message with { DestinationAddress = new Uri("queue:other") }));

        Assert.Contains("lost what the producer wrote into its Properties", lost.Message, StringComparison.Ordinal);
        Assert.Contains("'queue:other' is no topic's address", elsewhere.Message, StringComparison.Ordinal);
        Assert.Empty(RawConsumer.Read(kafka, topic));
    }

    [Fact]
    public async Task Bytes_are_produced_as_they_are()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("bytes", partitions: 2);
        await using var host = await StartAsync(kafka, _ => { });

        await host.Rider.SendAsync(new Uri($"topic:{topic}"), [1], [2], [new Header("Name", [3])], partition: 1);
        await host.Rider.SendAsync(new Uri($"topic:{topic}"), null, null);

        var produced = RawConsumer.Read(kafka, topic, 2).Single(message => message.Message.Key is not null);
        Assert.Equal((1, 1, 2), (produced.Partition.Value, produced.Message.Key[0], produced.Message.Value[0]));
        Assert.Equal("Name", Assert.Single(produced.Message.Headers).Key);
    }

    [Fact]
    public async Task Beside_an_outbox_of_MassTransits_own_that_could_not_deliver_it_a_message_is_produced_at_once()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await HarnessHost.StartAsync(
            kafka,
            rider => rider.AddProducer<string, Warmth>(topic),
            bus =>
            {
                bus.AddInMemoryInboxOutbox();
                bus.AddConsumer<Capturing>();
                bus.AddConfigureEndpointsCallback((context, _, endpoint) => endpoint.UseInMemoryInboxOutbox(context));
            },
            services: services => services.AddSingleton<Capture>((_, provider) =>
                provider.GetRequiredService<ITopicProducer<string, Warmth>>().Produce("key", Some.Warmth())));

        await host.Harness.Bus.Publish(new Begin(NewId.NextGuid()));

        Assert.Single(RawConsumer.Read(kafka, topic, 1));
    }

    private static Task<HarnessHost> StartAsync(KafkaServer kafka, Action<IRiderRegistrationConfigurator> rider) =>
        HarnessHost.StartAsync(kafka, rider, bus => bus.AddConsumer<Capturing>(), services: services => services.AddSingleton(new Slot()).AddSingleton<Capture>(
            provider => provider.GetRequiredService<Slot>().RunAsync));

    /// <summary>Produces inside a consumer that has an outbox, and returns what that took.</summary>
    private static async Task<List<StoredMessage>> CaptureAsync(HarnessHost host, Capture produce)
    {
        var slot = host.Get<Slot>();
        slot.Produce = produce;
        await host.Harness.Bus.Publish(new Begin(NewId.NextGuid()));
        return await slot.Taken.Task.WaitAsync(Eventually.DefaultDeadline);
    }

    private delegate Task Capture(ConsumeContext<Begin> context, IServiceProvider services);

    private sealed class Slot
    {
        public Capture? Produce { get; set; }

        public TaskCompletionSource<List<StoredMessage>> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task RunAsync(ConsumeContext<Begin> context, IServiceProvider services)
        {
            try
            {
                var outbox = new StoringOutbox(context, services);
                using (services.GetRequiredService<IScopedConsumeContextProvider>().PushContext(outbox))
                    await Produce!(context, services);

                Taken.SetResult(outbox.Messages);
            }
            catch (Exception exception)
            {
                Taken.SetException(exception);
            }
        }
    }

    private sealed class Capturing(Capture capture, IServiceProvider services) : IConsumer<Begin>
    {
        public Task Consume(ConsumeContext<Begin> context) => capture(context, services);
    }

    private sealed class Fixed<T>(byte[] bytes) : ISerializer<T>
    {
        public byte[] Serialize(T data, SerializationContext context) => bytes;
    }
}
