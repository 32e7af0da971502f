using IotBus.Testing;
using MassTransit;
using MassTransit.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>What MassTransit's test harness sees of the rider, in memory and on a broker.</summary>
public sealed class TestHarnessTests
{
    [Fact]
    public async Task The_harness_sees_what_a_consumer_of_a_topic_consumes_produces_and_publishes()
    {
        var kafka = new InMemoryKafka();
        await using var host = await HarnessHost.StartAsync(kafka, AddShipping, configure: (context, k) => Ship(context, k, "orders", "shipping"));

        await host.Get<ITopicProducer<string, Order>>().Produce("customer", new Order { Article = "pump", Count = 2 });

        await AssertSeenAsync(host);
        Assert.Equal("pump", Assert.Single(kafka.Topic("shipments").Records).Json<Shipment>()!.Article);
    }

    [Fact]
    public async Task On_a_broker_it_sees_the_same()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (orders, shipments) = (await kafka.CreateTopicAsync("orders"), await kafka.CreateTopicAsync("shipments"));
        await using var host = await HarnessHost.StartAsync(
            kafka,
            rider => AddShipping(rider, orders, shipments),
            configure: (context, k) => Ship(
                context, k, orders, kafka.NewGroup(), endpoint => endpoint.SessionTimeout = TimeSpan.FromSeconds(kafka.IsReal ? 6 : 2)));

        await host.Get<ITopicProducer<string, Order>>().Produce("customer", new Order { Article = "pump", Count = 2 });

        await AssertSeenAsync(host);
        Assert.Single(RawConsumer.Read(kafka, shipments, 1));
    }

    [Fact]
    public async Task It_sees_a_consumer_that_fails_and_why()
    {
        var kafka = new InMemoryKafka();
        await using var host = await HarnessHost.StartAsync(kafka, AddShipping, configure: (context, k) => Ship(context, k, "orders", "shipping"));

        await host.Get<ITopicProducer<string, Order>>().Produce("customer", new Order { Article = "pump", Count = 0 });
        await kafka.WhenConsumedAsync();

        var consumed = Assert.Single(host.Harness.GetConsumerHarness<ShippingConsumer>().Consumed.Select<Order>().ToList());
        Assert.Equal("nothing to ship", consumed.Exception.Message);
        Assert.Single(kafka.Topic("orders.dlq").Records);
        Assert.False(host.Harness.Published.Select<Shipped>().Any());
    }

    [Fact]
    public async Task It_becomes_inactive_only_after_what_the_topics_bring_has_ended()
    {
        var kafka = new InMemoryKafka();
        await using var host = await HarnessHost.StartAsync(
            kafka,
            AddShipping,
            bus => bus.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromMilliseconds(200)),
            (context, k) => Ship(context, k, "orders", "shipping"));

        await host.Get<ITopicProducer<string, Order>>().Produce("customer", new Order { Article = "pump", Count = 2 });
        await host.Harness.InactivityTask.WaitAsync(Eventually.DefaultDeadline);

        Assert.Single(host.Harness.Consumed.Select<Order>().ToList());
        Assert.Equal(1, kafka.Committed("shipping", "orders"));
    }

    [Fact]
    public async Task A_saga_on_a_topic_endpoint_has_its_harness_and_produces()
    {
        var kafka = new InMemoryKafka();
        await using var host = await HarnessHost.StartAsync(
            kafka,
            rider =>
            {
                rider.AddSagaStateMachine<DeliverySaga, DeliveryState>().InMemoryRepository();
                rider.AddProducer<Guid, OrderPlaced>("placed");
                rider.AddProducer<Guid, OrderPaid>("paid");
                rider.AddProducer<Guid, Shipment>("shipments", context => context.CorrelationId ?? Guid.Empty);
            },
            configure: (context, k) =>
            {
                k.TopicEndpoint<Guid, OrderPlaced>("placed", "delivery", endpoint => endpoint.ConfigureSaga<DeliveryState>(context));
                k.TopicEndpoint<Guid, OrderPaid>("paid", "delivery", endpoint => endpoint.ConfigureSaga<DeliveryState>(context));
            });
        var saga = host.Harness.GetSagaStateMachineHarness<DeliverySaga, DeliveryState>();
        var id = NewId.NextGuid();

        await host.Get<ITopicProducer<Guid, OrderPlaced>>().Produce(id, new OrderPlaced { OrderId = id, Article = "valve" });
        await kafka.WhenConsumedAsync();
        Assert.True(await saga.Created.Any(state => state.CorrelationId == id));
        Assert.NotNull(await saga.Exists(id, machine => machine.Waiting));
        Assert.Empty(kafka.Topic("shipments").Records);

        await host.Get<ITopicProducer<Guid, OrderPaid>>().Produce(id, new OrderPaid { OrderId = id });
        await kafka.WhenConsumedAsync();

        Assert.True(await saga.Consumed.Any<OrderPaid>());
        Assert.NotNull(await saga.Exists(id, machine => machine.Done));
        Assert.Equal("valve", Assert.Single(kafka.Topic("shipments").Records).Json<Shipment>()!.Article);
    }

    private static void AddShipping(IRiderRegistrationConfigurator rider) => AddShipping(rider, "orders", "shipments");

    private static void AddShipping(IRiderRegistrationConfigurator rider, string orders, string shipments)
    {
        rider.AddConsumer<ShippingConsumer>();
        rider.AddProducer<string, Order>(orders);
        rider.AddProducer<Shipment>(shipments);
    }

    private static void Ship(
        IRiderRegistrationContext context,
        IKafkaFactoryConfigurator kafka,
        string topic,
        string group,
        Action<ITopicEndpointConfigurator<string, Order>>? configure = null) => kafka.TopicEndpoint<string, Order>(topic, group, endpoint =>
        {
            configure?.Invoke(endpoint);
            endpoint.ConfigureConsumer<ShippingConsumer>(context);
        });

    private static async Task AssertSeenAsync(HarnessHost host)
    {
        var consumer = host.Harness.GetConsumerHarness<ShippingConsumer>();
        Assert.True(await consumer.Consumed.Any<Order>(received => received.Context.Message.Article == "pump"));
        Assert.True(await host.Harness.Consumed.Any<Order>());
        Assert.True(await host.Harness.Sent.Any<Order>());
        Assert.True(await host.Harness.Sent.Any<Shipment>(sent => sent.Context.Message.Article == "pump"));
        Assert.True(await host.Harness.Published.Any<Shipped>());
    }

    public sealed record Order
    {
        public string Article { get; init; } = "";

        public int Count { get; init; }
    }

    public sealed record Shipment
    {
        public string Article { get; init; } = "";
    }

    public sealed record Shipped(string Article);

    internal sealed class ShippingConsumer(ITopicProducer<Shipment> shipments) : IConsumer<Order>
    {
        public async Task Consume(ConsumeContext<Order> context)
        {
            if (context.Message.Count == 0)
                throw new InvalidOperationException("nothing to ship");

            await shipments.Produce(new Shipment { Article = context.Message.Article });
            await context.Publish(new Shipped(context.Message.Article));
        }
    }

    public sealed record OrderPlaced
    {
        public Guid OrderId { get; init; }

        public string Article { get; init; } = "";
    }

    public sealed record OrderPaid
    {
        public Guid OrderId { get; init; }
    }

    internal sealed class DeliveryState : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }

        public string CurrentState { get; set; } = "";

        public string Article { get; set; } = "";
    }

    internal sealed class DeliverySaga : MassTransitStateMachine<DeliveryState>
    {
        public DeliverySaga()
        {
            InstanceState(state => state.CurrentState);
            Event(() => Placed, e => e.CorrelateById(context => context.Message.OrderId));
            Event(() => Paid, e => e.CorrelateById(context => context.Message.OrderId));
            Initially(When(Placed).Then(context => context.Saga.Article = context.Message.Article).TransitionTo(Waiting));
            During(Waiting, When(Paid).Produce(context => context.Init<Shipment>(new { context.Saga.Article })).TransitionTo(Done));
        }

        public State Waiting { get; private set; } = null!;

        public State Done { get; private set; } = null!;

        public Event<OrderPlaced> Placed { get; private set; } = null!;

        public Event<OrderPaid> Paid { get; private set; } = null!;
    }
}
