using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

[Collection(StoreSuite.Name)]
public sealed class SagaTests(StoreFixture store)
{
    [Fact]
    public async Task A_saga_and_what_it_sends_are_committed_together()
    {
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database);
        var id = Guid.NewGuid();

        await bus.Bus.Publish(new RolloutRequested(id, "fleet"));

        await Eventually.TrueAsync(() => Arrived(bus, id));
        var rollout = await LoadAsync(bus, id);
        Assert.Equal("Running", rollout!.CurrentState);
        Assert.Equal("fleet", rollout.Name);
        Assert.NotNull(rollout.TimeoutToken);
        Assert.Equal(1, await database.GetCollection("outbox").CountAsync(Bson.Document(("token", rollout.TimeoutToken.Value))));
    }

    [Fact]
    public async Task Eight_workers_on_one_instance_lose_none_of_a_thousand_events()
    {
        const int count = 1000;
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database, workers: 8);
        var id = Guid.NewGuid();
        await bus.Bus.Publish(new RolloutRequested(id, "fleet"));
        await Eventually.TrueAsync(() => Arrived(bus, id));

        await Task.WhenAll(Enumerable.Range(0, count).Select(i => bus.Bus.Publish(new DeviceConfirmed("fleet", i))));

        await Eventually.TrueAsync(
            async () => (await LoadAsync(bus, id))!.Confirmed == count,
            TimeSpan.FromMinutes(3));
        var rollout = await LoadAsync(bus, id);
        Assert.Equal(Enumerable.Range(0, count), rollout!.Numbers.Order());
        Assert.Equal(count, rollout.Version);
    }

    [Fact]
    public async Task A_correlation_by_expression_has_an_index_from_its_first_use()
    {
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database);
        var id = Guid.NewGuid();
        await bus.Bus.Publish(new RolloutRequested(id, "fleet"));
        await Eventually.TrueAsync(() => Arrived(bus, id));

        await bus.Bus.Publish(new DeviceConfirmed("fleet", 7));

        await Eventually.TrueAsync(async () => (await LoadAsync(bus, id))!.Confirmed == 1);
        var reply = await database.RunCommandAsync(Bson.Document(("listIndexes", "sagas.rollout")));
        var indexes = reply.GetDocument("cursor").GetDocuments("firstBatch").Select(index => index.GetDocument("key").ToJson());
        Assert.Contains(indexes, index => index.Contains("\"Name\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_saga_that_completed_is_removed_or_kept_as_was_chosen(bool isKept)
    {
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database, keeps: isKept);
        var id = Guid.NewGuid();
        await bus.Bus.Publish(new RolloutRequested(id, "fleet"));
        await Eventually.TrueAsync(() => Arrived(bus, id));

        await bus.Bus.Publish(new RolloutEnded(id));

        await Eventually.TrueAsync(async () => await LoadAsync(bus, id) is not { CurrentState: "Running" });
        Assert.Equal(isKept ? "Final" : null, (await LoadAsync(bus, id))?.CurrentState);
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
    }

    [Fact]
    public async Task A_timeout_fires_once_when_the_clock_is_moved_by_a_day()
    {
        var database = store.NewDatabase();
        var time = new ShiftedTime();
        await using var bus = await StartAsync(database, time: time);
        var id = Guid.NewGuid();
        await bus.Bus.Publish(new RolloutRequested(id, "fleet"));
        await Eventually.TrueAsync(() => Arrived(bus, id));

        time.Advance(TimeSpan.FromHours(24.1));

        await Eventually.TrueAsync(async () => (await LoadAsync(bus, id))!.CurrentState == "TimedOut");
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
        Assert.Equal(1, (await LoadAsync(bus, id))!.Version);
    }

    [Fact]
    public async Task A_timeout_fires_once_although_the_clock_was_set_back_and_forward_again()
    {
        var database = store.NewDatabase();
        var time = new ShiftedTime();
        await using var bus = await StartAsync(database, time: time);
        var (early, later) = (Guid.NewGuid(), Guid.NewGuid());
        await bus.Bus.Publish(new RolloutRequested(early, "early"));
        await Eventually.TrueAsync(() => Arrived(bus, early));

        time.Advance(TimeSpan.FromDays(-1));
        await bus.Bus.Publish(new RolloutRequested(later, "later"));
        await Eventually.TrueAsync(() => Arrived(bus, later));
        time.Advance(TimeSpan.FromDays(2.1));

        foreach (var id in (Guid[])[early, later])
        {
            await Eventually.TrueAsync(async () => (await LoadAsync(bus, id))!.CurrentState == "TimedOut");
            Assert.Equal(1, (await LoadAsync(bus, id))!.Version);
        }
    }

    [Fact]
    public async Task A_timeout_that_was_unscheduled_does_not_fire()
    {
        var database = store.NewDatabase();
        var time = new ShiftedTime();
        await using var bus = await StartAsync(database, time: time);
        var (extended, other) = (Guid.NewGuid(), Guid.NewGuid());
        await bus.Bus.Publish(new RolloutRequested(extended, "one"));
        await bus.Bus.Publish(new RolloutRequested(other, "two"));
        await Eventually.TrueAsync(() => Arrived(bus, extended) && Arrived(bus, other));

        await bus.Bus.Publish(new RolloutExtended(extended));
        await Eventually.TrueAsync(async () => (await LoadAsync(bus, extended))!.TimeoutToken is null);
        time.Advance(TimeSpan.FromHours(24.1));

        await Eventually.TrueAsync(async () => (await LoadAsync(bus, other))!.CurrentState == "TimedOut");
        Assert.Equal("Running", (await LoadAsync(bus, extended))!.CurrentState);
    }

    [Fact]
    public async Task Instances_are_found_by_what_a_report_asks_for()
    {
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database);
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        await bus.Bus.Publish(new RolloutRequested(one, "one"));
        await bus.Bus.Publish(new RolloutRequested(two, "two"));
        await Eventually.TrueAsync(() => Arrived(bus, one) && Arrived(bus, two));
        await using var scope = bus.Services.CreateAsyncScope();
        var query = scope.ServiceProvider.GetRequiredService<IQuerySagaRepository<Rollout>>();
        string[] names = ["two", "three"];

        var found = await query.Find(new SagaQuery<Rollout>(rollout => names.Contains(rollout.Name) && rollout.Confirmed < 1));

        Assert.Equal([two], found);
    }

    private static Task<TestBus> StartAsync(MongoDatabase database, int workers = 1, bool keeps = false, TimeProvider? time = null) => TestBus.StartAsync(
        database,
        x =>
        {
            x.AddMongoDbMessageScheduler();
            x.AddConsumer<OrderPlacedConsumer>();
            x.AddSagaStateMachine<RolloutMachine, Rollout>().MongoDbRepository(r =>
            {
                if (keeps)
                    r.KeepCompleted();
            });
        },
        (context, bus) =>
        {
            bus.UseMongoDbMessageScheduler(context);
            bus.ReceiveEndpoint("rollouts", e =>
            {
                e.ConcurrentMessageLimit = workers;
                e.UseMongoDbOutbox(context);
                e.ConfigureSaga<Rollout>(context);
            });
            bus.ReceiveEndpoint("placed", e => e.ConfigureConsumer<OrderPlacedConsumer>(context));
        },
        services: services =>
        {
            services.AddSingleton<Received>();
            if (time is not null)
                services.AddSingleton(time);
        });

    private static bool Arrived(TestBus bus, Guid id) => bus.Services.GetRequiredService<Received>().Orders.Any(received => received.Message.Id == id);

    private static async Task<Rollout?> LoadAsync(TestBus bus, Guid id)
    {
        await using var scope = bus.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ILoadSagaRepository<Rollout>>().Load(id);
    }
}
