using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>What a consumer produces: to what it belongs, and when it is there.</summary>
public sealed class ConsumerProduceTests
{
    public sealed record Begin(Guid CorrelationId, string Text);

    [Fact]
    public async Task What_a_consumer_produces_belongs_to_the_conversation_of_what_it_consumes()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("followed");
        await using var host = await StartAsync(kafka, topic, (context, producer) => producer.Produce("key", Some.Warmth()));
        var (correlation, conversation) = (NewId.NextGuid(), NewId.NextGuid());

        await host.Harness.Bus.Publish(new Begin(correlation, "text"), context =>
        {
            context.ConversationId = conversation;
            context.Headers.Set("Tenant", "acme");
            context.Headers.Set("MT-Own", "kept back");
        });

        var headers = Assert.Single(RawConsumer.Read(kafka, topic, 1)).Headers();
        Assert.Equal((conversation.ToString(), correlation.ToString(), "acme"), (headers["ConversationId"], headers["InitiatorId"], headers["Tenant"]));
        Assert.Matches("^loopback://localhost/.+", headers["SourceAddress"]);
        Assert.DoesNotContain("MT-Own", headers.Keys);
    }

    [Fact]
    public async Task Behind_an_in_memory_outbox_a_message_is_produced_once_the_consumer_has_succeeded()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("followed");
        var (produced, proceed) = (NewSource(), NewSource());
        await using var host = await StartAsync(
            kafka,
            topic,
            async (_, producer) =>
            {
                await producer.Produce("key", Some.Warmth("direct"));
                await producer.Produce("key", new { EventId = NewId.NextGuid(), Device = "initialized", Celsius = 1 });
                await producer.ProduceTombstone("key");
                produced.SetResult();
                await proceed.Task;
            },
            endpoint => endpoint.UseInMemoryOutbox(endpoint.Context));

        await host.Harness.Bus.Publish(new Begin(NewId.NextGuid(), "text"));
        await produced.Task.WaitAsync(Eventually.DefaultDeadline);
        var before = RawConsumer.Read(kafka, topic);
        proceed.SetResult();

        Assert.Empty(before);
        Assert.Equal(3, RawConsumer.Read(kafka, topic, 3).Count);
    }

    [Fact]
    public async Task Behind_an_in_memory_outbox_a_message_of_a_consumer_that_fails_is_never_produced()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("followed");
        var attempts = 0;
        await using var host = await StartAsync(
            kafka,
            topic,
            async (_, producer) =>
            {
                attempts++;
                await producer.Produce("key", Some.Warmth($"attempt {attempts}"));
                if (attempts < 3)
                    throw new InvalidOperationException("It fails.");
            },
            endpoint =>
            {
                endpoint.Configurator.UseMessageRetry(retry => retry.Immediate(2));
                endpoint.UseInMemoryOutbox(endpoint.Context);
            });

        await host.Harness.Bus.Publish(new Begin(NewId.NextGuid(), "text"));

        Assert.Contains("attempt 3", Assert.Single(RawConsumer.Read(kafka, topic, 1)).Value(), StringComparison.Ordinal);
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task Behind_an_in_memory_outbox_a_message_that_Kafka_refuses_fails_the_consumer_which_is_tried_again()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("followed");
        var attempts = 0;
        await using var host = await StartAsync(
            kafka,
            topic,
            (_, producer) => producer.Produce("key", Some.Warmth(new string('x', Interlocked.Increment(ref attempts) == 1 ? 2_000_000 : 1))),
            endpoint =>
            {
                endpoint.Configurator.UseMessageRetry(retry => retry.Immediate(1));
                endpoint.UseInMemoryOutbox(endpoint.Context);
            });

        await host.Harness.Bus.Publish(new Begin(NewId.NextGuid(), "text"));

        Assert.Single(RawConsumer.Read(kafka, topic, 1));
        Assert.Equal(2, attempts);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task<HarnessHost> StartAsync(
        KafkaServer kafka, string topic, Func<ConsumeContext<Begin>, ITopicProducer<string, Warmth>, Task> consume, Action<Endpoint>? configure = null) =>
        HarnessHost.StartAsync(
            kafka,
            rider => rider.AddProducer<string, Warmth>(topic),
            bus =>
            {
                bus.AddConsumer<BeginConsumer>();
                bus.AddConfigureEndpointsCallback((context, _, endpoint) => configure?.Invoke(new Endpoint(context, endpoint)));
            },
            services: services => services.AddSingleton(consume));

    private sealed record Endpoint(IRegistrationContext Context, IReceiveEndpointConfigurator Configurator)
    {
        public void UseInMemoryOutbox(IRegistrationContext context) => Configurator.UseInMemoryOutbox(context);
    }

    private sealed class BeginConsumer(
        ITopicProducer<string, Warmth> producer, Func<ConsumeContext<Begin>, ITopicProducer<string, Warmth>, Task> consume) : IConsumer<Begin>
    {
        public Task Consume(ConsumeContext<Begin> context) => consume(context, producer);
    }
}
