using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

[Collection(StoreSuite.Name)]
public sealed class IndexTests(StoreFixture store)
{
    /// <summary>A document a process, and the server's clock decides.</summary>
    private const string Processes = "outbox.processes";

    [Fact]
    public async Task Every_query_has_an_index()
    {
        await using var sent = new SentCommands(store.Uri);
        await using var client = new MongoClient(new MongoClientOptions { Uri = sent.Uri });
        var database = client.GetDatabase(store.NewDatabase().Name);
        await LiveAsync(database);

        var queries = sent.All.Where(command => command.TryGetString("$db"u8, out var name) && name == database.Name)
            .SelectMany(StoreQuery.Of)
            .Where(query => query.Collection != Processes)
            .ToList();

        string[] all = ["outbox", "outbox.leases", "inbox.messages", "sagas.rollout"];
        Assert.Equal(all.Order(), queries.Select(query => query.Collection).Distinct().Order());
        var indexes = new Dictionary<string, List<IReadOnlyList<string>>>();
        foreach (var collection in all)
            indexes[collection] = await IndexesAsync(database, collection);

        Assert.All(queries, query =>
        {
            foreach (var fields in query.Alternatives())
                Assert.True(indexes[query.Collection].Exists(keys => query.IsServedBy(keys, fields)), query.ToString());
        });
    }

    /// <summary>Lets a bus do all that it does: consume, also again, schedule and unschedule, keep sagas, take over from the dead.</summary>
    private static async Task LiveAsync(MongoDatabase database)
    {
        await using var bus = await TestBus.StartAsync(
            database,
            x =>
            {
                x.AddMongoDbMessageScheduler();
                x.AddConsumer<PlaceOrderConsumer>();
                x.AddConsumer<OrderPlacedConsumer>();
                x.AddSagaStateMachine<RolloutMachine, Rollout>().MongoDbRepository();
            },
            (context, bus) =>
            {
                bus.UseMongoDbMessageScheduler(context);
                bus.ReceiveEndpoint("orders", e =>
                {
                    e.UseMongoDbOutbox(context);
                    e.ConfigureConsumer<PlaceOrderConsumer>(context);
                    e.ConfigureConsumer<OrderPlacedConsumer>(context);
                    e.ConfigureSaga<Rollout>(context);
                });
            },
            services: services => services.AddSingleton<Trouble>().AddSingleton<Received>());
        await ConsumeAsync(bus);
        await RollAsync(bus);
        await bus.Services.GetRequiredService<LeaseCollection>().FreeAsync(Guid.NewGuid(), CancellationToken.None);
    }

    private static async Task ConsumeAsync(TestBus bus)
    {
        var (order, id) = (Guid.NewGuid(), Guid.NewGuid());
        await bus.SendAsync(order, id);
        await bus.ArrivedAsync(1);
        await bus.SendAsync(order, id);
        await bus.SendAsync(Guid.NewGuid());
        await bus.ArrivedAsync(2);
    }

    private static async Task RollAsync(TestBus bus)
    {
        var id = Guid.NewGuid();
        await bus.Bus.Publish(new RolloutRequested(id, "fleet"));
        await bus.ArrivedAsync(3);
        await bus.Bus.Publish(new DeviceConfirmed("fleet", 1));
        await Eventually.TrueAsync(async () => await LoadAsync(bus, id) is { Confirmed: 1 });
        await bus.Bus.Publish(new RolloutEnded(id));
        await Eventually.TrueAsync(async () => await LoadAsync(bus, id) is null);
    }

    private static async Task<Rollout?> LoadAsync(TestBus bus, Guid id)
    {
        await using var scope = bus.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ILoadSagaRepository<Rollout>>().Load(id);
    }

    private static async Task<List<IReadOnlyList<string>>> IndexesAsync(MongoDatabase database, string collection)
    {
        var reply = await database.RunCommandAsync(Bson.Document(("listIndexes", collection)));
        return [.. reply.GetDocument("cursor"u8).GetDocuments("firstBatch"u8).Select(index => (IReadOnlyList<string>)[.. index.GetDocument("key"u8).Select(key => key.Name)])];
    }
}
