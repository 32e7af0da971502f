using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>MassTransit's test harness, added to what an application has registered for production.</summary>
public sealed class KafkaTestHarnessTests
{
    [Fact]
    public async Task Sagas_of_a_rider_have_their_harnesses_state_machines_and_others()
    {
        var services = new ServiceCollection();
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddSagaStateMachine<DoorMachine, Door>().InMemoryRepository();
                rider.AddSaga<Visit>().InMemoryRepository();
                rider.UsingKafka((context, k) =>
                {
                    k.TopicEndpoint<Guid, Opened>("opened", "doors", endpoint => endpoint.ConfigureSaga<Door>(context));
                    k.TopicEndpoint<Guid, Opened>("opened", "visits", endpoint => endpoint.ConfigureSaga<Visit>(context));
                });
            });
        });
        services.AddMassTransitTestHarness(TextWriter.Null);
        services.AddInMemoryKafka();
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var harness = await provider.StartTestHarness();
        var (kafka, id) = (provider.GetRequiredService<InMemoryKafka>(), NewId.NextGuid());

        kafka.Topic("opened").AppendText($"{id}", $$"""{"correlationId":"{{id}}"}""");
        await kafka.WhenConsumedAsync();
        var doors = harness.GetSagaStateMachineHarness<DoorMachine, Door>();
        var visits = harness.GetSagaHarness<Visit>();

        Assert.NotNull(await doors.Exists(id, machine => machine.Open));
        Assert.True(await doors.Consumed.Any<Opened>());
        Assert.NotNull(await visits.Exists(id));
        Assert.True(await visits.Created.Any(visit => visit.CorrelationId == id));
        await harness.Stop();
    }

    [Fact]
    public void Without_MassTransits_harness_it_says_what_comes_first()
    {
        var missing = Assert.Throws<ConfigurationException>(() => new ServiceCollection().AddKafkaTestHarness());

        Assert.Contains("call AddMassTransitTestHarness before AddKafkaTestHarness", missing.Message, StringComparison.Ordinal);
    }

    public sealed record Opened(Guid CorrelationId) : CorrelatedBy<Guid>;

    public sealed class Visit : ISaga, InitiatedBy<Opened>
    {
        public Guid CorrelationId { get; set; }

        public Task Consume(ConsumeContext<Opened> context) => Task.CompletedTask;
    }

    private sealed class Door : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }

        public string CurrentState { get; set; } = "";
    }

    private sealed class DoorMachine : MassTransitStateMachine<Door>
    {
        public DoorMachine()
        {
            InstanceState(door => door.CurrentState);
            Initially(When(Opened).TransitionTo(Open));
        }

        public State Open { get; private set; } = null!;

        public Event<Opened> Opened { get; private set; } = null!;
    }
}
