using IotBus.Testing;
using MassTransit;

namespace IotBus.Kafka.Tests;

public sealed class ProduceExtensionsTests
{
    public sealed record Start(Guid CorrelationId, string Text);

    public sealed record Fail(Guid CorrelationId);

    /// <summary>Message initializers need a constructor without parameters.</summary>
    public sealed record Noted
    {
        public Noted()
        {
        }

        public Noted(string text) => Text = text;

        public string Text { get; init; } = "";
    }

    [Fact]
    public async Task A_saga_produces_what_is_given_made_and_initialized_in_its_conversation()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("noted");
        await using var host = await StartAsync(kafka, topic);
        var id = NewId.NextGuid();

        await host.Harness.Bus.Publish(new Start(id, "begun"));

        var produced = RawConsumer.Read(kafka, topic, 4);
        Assert.Equal(["given", "task", "made of begun", "initialized with begun"], produced.Select(Text));
        Assert.All(produced, message => Assert.Equal(id.ToString(), message.Headers()["InitiatorId"]));
        Assert.Equal("yes", produced[0].Headers()["Called"]);
    }

    [Fact]
    public async Task A_saga_produces_when_an_activity_failed()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("noted");
        await using var host = await StartAsync(kafka, topic);
        var id = NewId.NextGuid();
        await host.Harness.Bus.Publish(new Start(id, "begun"));
        RawConsumer.Read(kafka, topic, 4);

        await host.Harness.Bus.Publish(new Fail(id));

        Assert.Equal(["failed: On purpose.", "failed too"], RawConsumer.Read(kafka, topic, 6).Skip(4).Select(Text));
    }

    [Fact]
    public async Task Without_a_producer_the_saga_fails_and_says_which_to_add()
    {
        await using var kafka = await KafkaServer.StartAsync();
        await using var host = await HarnessHost.StartAsync(
            kafka, _ => { }, bus => bus.AddSagaStateMachine<NotingSaga, Note>().InMemoryRepository());

        await host.Harness.Bus.Publish(new Start(NewId.NextGuid(), "begun"));

        Assert.True(await host.Harness.Published.Any<Fault<Start>>(fault =>
            fault.Context.Message.Exceptions[0].InnerException!.Message.Contains("call AddProducer<Noted>(\"topic\")", StringComparison.Ordinal)));
    }

    private static string Text(Confluent.Kafka.ConsumeResult<byte[], byte[]> message) =>
        System.Text.Json.JsonDocument.Parse(message.Message.Value).RootElement.GetProperty("text").GetString()!;

    private static Task<HarnessHost> StartAsync(KafkaServer kafka, string topic) => HarnessHost.StartAsync(
        kafka,
        rider => rider.AddProducer<string, Noted>(topic, context => context.Message.Text[..1]),
        bus => bus.AddSagaStateMachine<NotingSaga, Note>().InMemoryRepository());

    private sealed class Note : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }

        public string CurrentState { get; set; } = "";
    }

    private sealed class NotingSaga : MassTransitStateMachine<Note>
    {
        public NotingSaga()
        {
            InstanceState(note => note.CurrentState);
            Initially(
                When(Started)
                    .Produce(new Noted("given"), context => context.Headers.Set("Called", "yes"))
                    .Produce(Task.FromResult(new Noted("task")))
                    .Produce(context => Task.FromResult(new Noted($"made of {context.Message.Text}")))
                    .Produce(context => context.Init<Noted>(new { Text = $"initialized with {context.Message.Text}" }))
                    .TransitionTo(Active));
            During(
                Active,
                When(Failed)
                    .Then(_ => throw new InvalidOperationException("On purpose."))
                    .Catch<InvalidOperationException>(failed => failed
                        .Produce(context => Task.FromResult(new Noted($"failed: {context.Exception.Message}")))
                        .Produce(new Noted("failed too"))));
        }

        public State Active { get; private set; } = null!;

        public Event<Start> Started { get; private set; } = null!;

        public Event<Fail> Failed { get; private set; } = null!;
    }
}
