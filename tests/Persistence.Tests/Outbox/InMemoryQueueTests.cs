using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

/// <summary>A queue in memory is lost with its process; what the outbox delivers to one must not be.</summary>
[Collection(StoreSuite.Name)]
public sealed class InMemoryQueueTests(StoreFixture store)
{
    [Fact]
    public async Task A_message_to_a_queue_in_memory_is_in_the_outbox_until_it_was_consumed()
    {
        var database = store.NewDatabase();
        var gate = new Gate();
        await using var bus = await StartAsync(database, gate);

        await SendAsync(bus, Guid.NewGuid());

        await gate.Entered.Task.WaitAsync(Eventually.DefaultDeadline);
        Assert.Equal(1, await WaitingAsync(database));
        gate.Open();
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0);
        Assert.Single(gate.Consumed);
    }

    [Fact]
    public async Task What_a_process_had_in_memory_when_it_stood_still_the_next_consumes()
    {
        var database = store.NewDatabase();
        var (stuck, gate) = (new Gate(), new Gate());
        gate.Open();
        var order = Guid.NewGuid();
        await using var first = await StartAsync(database, stuck, o => o.InstanceId = "a");
        await SendAsync(first, order);
        await stuck.Entered.Task.WaitAsync(Eventually.DefaultDeadline);

        await using var second = await StartAsync(database, gate, o => o.InstanceId = "a");

        await Eventually.TrueAsync(() => gate.Consumed.Contains(order));
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0);
        stuck.Open();
    }

    [Fact]
    public async Task A_consumer_that_takes_longer_than_the_delivery_may_gets_its_message_once()
    {
        var database = store.NewDatabase();
        var gate = new Gate();
        await using var bus = await StartAsync(database, gate, o => o.MessageDeliveryTimeout = TimeSpan.FromMilliseconds(50));
        await SendAsync(bus, Guid.NewGuid());
        await gate.Entered.Task.WaitAsync(Eventually.DefaultDeadline);

        // It has been tried again by now, and is not in the queue twice.
        await Eventually.TrueAsync(() => gate.Waited > TimeSpan.FromSeconds(1));
        gate.Open();

        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0);
        Assert.Single(gate.Consumed);
    }

    private static Task<long> WaitingAsync(MongoDatabase database) => database.GetCollection("outbox").CountAsync(BsonDocument.Empty);

    private static async Task SendAsync(TestBus bus, Guid order)
    {
        await using var scope = bus.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<MongoDbContext>();
        var endpoints = scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>();
        await context.WithTransactionAsync(async (_, cancelled) =>
        {
            var endpoint = await endpoints.GetSendEndpoint(new Uri("queue:gated"));
            await endpoint.Send(new PlaceOrder(order, "bolt"), cancelled);
            return true;
        });
    }

    private static Task<TestBus> StartAsync(MongoDatabase database, Gate gate, Action<IMongoDbOutboxConfigurator>? outbox = null) => TestBus.StartAsync(
        database,
        x => x.AddConsumer<GatedConsumer>(),
        (context, bus) => bus.ReceiveEndpoint("gated", e => e.ConfigureConsumer<GatedConsumer>(context)),
        outbox,
        services => services.AddSingleton(gate));

    internal sealed class GatedConsumer(Gate gate) : IConsumer<PlaceOrder>
    {
        public async Task Consume(ConsumeContext<PlaceOrder> context)
        {
            await gate.PassAsync(context.CancellationToken);
            gate.Consumed.Add(context.Message.Id);
        }
    }

    /// <summary>Holds a consumer up.</summary>
    internal sealed class Gate
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _entered;

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<Guid> Consumed { get; } = [];

        public TimeSpan Waited => System.Diagnostics.Stopwatch.GetElapsedTime(Interlocked.Read(ref _entered));

        public void Open() => _open.TrySetResult();

        public Task PassAsync(CancellationToken cancellationToken)
        {
            Interlocked.CompareExchange(ref _entered, System.Diagnostics.Stopwatch.GetTimestamp(), 0);
            Entered.TrySetResult();
            return _open.Task.WaitAsync(cancellationToken);
        }
    }
}
