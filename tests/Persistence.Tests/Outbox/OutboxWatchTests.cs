using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

/// <summary>Looks are a minute apart here, longer than any test waits: what arrives was heard of.</summary>
[Collection(StoreSuite.Name)]
public sealed class OutboxWatchTests(StoreFixture store)
{
    [Fact]
    public async Task What_a_process_commits_that_does_not_deliver_another_delivers_without_a_look()
    {
        var database = store.NewDatabase();
        await using var sender = await OrderBus.StartAsync(database, outbox: o => o.DisableDeliveryService());
        await using var other = await StartWatchingAsync(database);

        await sender.SendAsync(Guid.NewGuid());
        await other.ArrivedAsync(1);
        await sender.SendAsync(Guid.NewGuid());
        await other.ArrivedAsync(2);

        Assert.Empty(sender.Received().Orders);
    }

    [Fact]
    public async Task What_a_process_delivers_itself_others_do_not_hear_of()
    {
        var database = store.NewDatabase();
        await using var bus = await OrderBus.StartAsync(database);
        await using var mute = await OrderBus.StartAsync(database, outbox: o => o.DisableDeliveryService());
        await using var stream = await new OutboxCollection(database, new MongoDbOutboxOptions()).WatchAsync(resumeAfter: null, CancellationToken.None);

        await bus.SendAsync(Guid.NewGuid());
        await bus.ArrivedAsync(1);
        await mute.SendAsync(Guid.NewGuid());
        var heard = new List<BsonDocument>();
        while (heard.Count == 0)
            heard.AddRange(await stream.NextAsync());

        await bus.ArrivedAsync(2);
        Assert.Equal(OutboxDocument.AtOnce, OutboxCollection.ReadChange(Assert.Single(heard)).Due);
    }

    [Fact]
    public async Task What_a_process_scheduled_that_is_gone_another_delivers_when_it_is_due()
    {
        var database = store.NewDatabase();
        await using var other = await StartWatchingAsync(database);
        var due = DateTime.UtcNow + TimeSpan.FromSeconds(2);
        await using (var gone = await OrderBus.StartAsync(database))
        {
            await using var scope = gone.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<MongoDbContext>().WithTransactionAsync(async (_, cancellationToken) =>
            {
                var endpoint = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
                await endpoint.Publish(new OrderPlaced(Guid.NewGuid()), context => context.Delay = TimeSpan.FromSeconds(2), cancellationToken);
                return true;
            });
        }

        await other.ArrivedAsync(1);

        Assert.True(other.Received().Orders.Single().At >= due - TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_stream_that_hears_nothing_outlives_the_socket_timeout_that_the_URI_sets()
    {
        var uri = $"{store.Uri}{(store.Uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}socketTimeoutMS=2000";
        await using var client = new MongoClient(new MongoClientOptions { Uri = uri });
        var database = store.NewDatabase();
        var outbox = new OutboxCollection(client.GetDatabase(database.Name), new MongoDbOutboxOptions());
        await using var stream = await outbox.WatchAsync(resumeAfter: null, CancellationToken.None);

        Assert.Empty(await stream.NextAsync());
    }

    [FailPointTheory]
    [InlineData("getMore")]
    [InlineData("aggregate")]
    public async Task A_stream_that_breaks_is_opened_again_and_nothing_is_missed(string command)
    {
        var appName = $"outbox-{Guid.NewGuid():N}";
        await using var client = new MongoClient(new MongoClientOptions { Uri = store.Uri, AppName = appName });
        var database = store.NewDatabase();
        await using var sender = await OrderBus.StartAsync(database, outbox: o => o.DisableDeliveryService());
        var failure = Bson.Document(("failCommands", Bson.Array(command)), ("closeConnection", true));
        await using var failing = await store.FailAsync(appName, times: 3, failure);
        await using var other = await StartWatchingAsync(client.GetDatabase(database.Name));

        for (var count = 1; count <= 5; count++)
        {
            await sender.SendAsync(Guid.NewGuid());
            await other.ArrivedAsync(count);
        }
    }

    [FailPointTheory]
    [InlineData(40573)] // no replica set
    [InlineData(13)] // Unauthorized
    public async Task Where_the_server_has_no_change_streams_looks_find_what_others_commit(int code)
    {
        var appName = $"outbox-{Guid.NewGuid():N}";
        await using var client = new MongoClient(new MongoClientOptions { Uri = store.Uri, AppName = appName });
        var database = store.NewDatabase();
        await using var sender = await OrderBus.StartAsync(database, outbox: o => o.DisableDeliveryService());
        var failure = Bson.Document(("failCommands", Bson.Array("aggregate")), ("errorCode", code));
        await using var failing = await store.FailAsync(appName, times: int.MaxValue, failure);
        await using var other = await OrderBus.StartAsync(client.GetDatabase(database.Name));
        var watch = other.Services.GetRequiredService<OutboxWatch>();

        // Looks are aggregations too: they work again once the stream has been refused.
        await Eventually.TrueAsync(() => watch.IsRefused);
        await failing.DisposeAsync();
        await sender.SendAsync(Guid.NewGuid());
        await other.ArrivedAsync(1);

        Assert.False(watch.IsOpen);
    }

    private static async Task<TestBus> StartWatchingAsync(MongoDatabase database)
    {
        var bus = await OrderBus.StartAsync(database, outbox: o =>
        {
            o.QueryDelay = TimeSpan.FromMinutes(1);
            o.LeaseDuration = TimeSpan.FromMinutes(4);
        });
        var watch = bus.Services.GetRequiredService<OutboxWatch>();
        await Eventually.TrueAsync(() => watch.IsOpen);
        return bus;
    }
}
