using IotBus.MongoDb;
using IotBus.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.Bus.Tests;

/// <summary>Consumers and a saga, behind inbox and outbox, on RabbitMQ.</summary>
[Collection(ServersSuite.Name)]
public sealed class RabbitMqBusTests(Servers servers)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly OrderQueues _queues = new();

    [RabbitMqFact]
    public async Task Two_replicas_share_the_work_and_each_message_has_one_effect()
    {
        var database = servers.NewDatabase();
        await using var broker = new Broker(servers.Rabbit, _queues);
        await using var first = await BusHost.StartAsync(database, broker.Settings, _queues, "first");
        await using var second = await BusHost.StartAsync(database, broker.Settings, _queues, "second");
        var batch = Guid.NewGuid();

        await first.PlaceAsync(batch, 100);

        await CountedAsync(database, batch, 100);
        Assert.Equal(["first", "second"], (await PlacedAsync(database)).Select(row => row.GetString("host"u8)).Distinct().Order());
    }

    [RabbitMqFact]
    public async Task Queues_that_are_to_last_are_quorum_queues()
    {
        await using var broker = new Broker(servers.Rabbit, _queues);
        await using var host = await BusHost.StartAsync(servers.NewDatabase(), broker.Settings, _queues);
        await host.SendAsync(new PlaceImpossibleOrder(Guid.NewGuid()));
        var error = $"{_queues.Orders}_error";
        await Eventually.TrueAsync(async () => await broker.TakeAsync(error) is not null, Deadline);

        foreach (var queue in new[] { _queues.Orders, _queues.Tally, error })
        {
            Assert.Null(await broker.ObjectionAsync(queue, "quorum"));
            Assert.Contains("'x-queue-type'", await broker.ObjectionAsync(queue, "classic"), StringComparison.Ordinal);
        }
    }

    [OwnRabbitMqFact]
    public async Task A_broker_that_is_killed_on_the_way_loses_nothing_and_repeats_no_effect()
    {
        var database = servers.NewDatabase();
        await using var broker = new Broker(servers.Rabbit, _queues);
        await using var first = await BusHost.StartAsync(database, broker.Settings, _queues, "first");
        await using var second = await BusHost.StartAsync(database, broker.Settings, _queues, "second");
        await servers.Rabbit.KnowsAsync(_queues.Orders, _queues.Tally);
        var batch = Guid.NewGuid();
        await first.PlaceAsync(batch, 200);
        await Eventually.TrueAsync(async () => (await PlacedAsync(database)).Count >= 20, Deadline);

        await servers.Rabbit.KillAsync();
        await first.PlaceAsync(batch, 50);
        await Eventually.TrueAsync(async () => (await first.HealthAsync()).Status == HealthStatus.Degraded, Deadline);
        Assert.True(await WaitingAsync(database) >= 50);
        await servers.Rabbit.RestartAsync();

        await CountedAsync(database, batch, 250);
        await Eventually.TrueAsync(async () => (await first.HealthAsync()).Status == HealthStatus.Healthy, Deadline);
    }

    [OwnRabbitMqFact]
    public async Task What_could_not_be_consumed_is_in_the_error_queue_after_the_broker_was_killed()
    {
        await using var broker = new Broker(servers.Rabbit, _queues);
        var database = servers.NewDatabase();
        var order = Guid.NewGuid();
        await using (var host = await BusHost.StartAsync(database, broker.Settings, _queues))
        {
            await host.SendAsync(new PlaceImpossibleOrder(order));
            await Eventually.TrueAsync(async () => await broker.CountAsync($"{_queues.Orders}_error") == 1, Deadline);
        }

        await servers.Rabbit.KnowsAsync($"{_queues.Orders}_error");
        await servers.Rabbit.KillAsync();
        await servers.Rabbit.RestartAsync();

        var letter = await broker.TakeAsync($"{_queues.Orders}_error");
        Assert.NotNull(letter);
        Assert.Contains(order.ToString(), System.Text.Encoding.UTF8.GetString(letter.Body.Span), StringComparison.Ordinal);
        Assert.Contains("It cannot be placed.", System.Text.Encoding.UTF8.GetString((byte[])letter.BasicProperties.Headers!["MT-Fault-Message"]!), StringComparison.Ordinal);
    }

    [RabbitMqFact]
    public async Task A_message_for_a_queue_that_is_not_there_yet_waits_for_it_in_the_outbox()
    {
        var database = servers.NewDatabase();
        await using var broker = new Broker(servers.Rabbit, _queues);
        await using var sender = await BusHost.StartAsync(database, broker.Settings, _queues, consumes: false);
        var batch = Guid.NewGuid();
        using var failed = new FailedDeliveries();
        await sender.PlaceAsync(batch, 1);
        await Eventually.TrueAsync(() => failed.Count > 0, Deadline);
        Assert.Equal(1, await WaitingAsync(database));

        await using var consumer = await BusHost.StartAsync(database, broker.Settings, _queues);

        await CountedAsync(database, batch, 1);
    }

    [RabbitMqFact]
    public async Task What_waited_for_a_bus_in_memory_is_delivered_to_RabbitMQ()
    {
        var database = servers.NewDatabase();
        await using var broker = new Broker(servers.Rabbit, _queues);
        var batch = Guid.NewGuid();
        await using (var before = await BusHost.StartAsync(database, new Dictionary<string, string?>(), _queues, delivers: false))
            await before.PlaceAsync(batch, 1);

        Assert.Equal(1, await WaitingAsync(database));

        await using var after = await BusHost.StartAsync(database, broker.Settings, _queues);

        await CountedAsync(database, batch, 1);
    }

    [RabbitMqFact]
    public async Task What_was_published_on_a_bus_in_memory_waits_on_RabbitMQ_for_whoever_consumes_it()
    {
        var database = servers.NewDatabase();
        await using var broker = new Broker(servers.Rabbit, _queues);
        var batch = Guid.NewGuid();
        await using (var before = await BusHost.StartAsync(database, new Dictionary<string, string?>(), _queues, delivers: false))
            await before.PublishAsync(new PlaceOrder(Guid.NewGuid(), batch));

        using var failed = new FailedDeliveries();
        await using var sender = await BusHost.StartAsync(database, broker.Settings, _queues, consumes: false);
        await Eventually.TrueAsync(() => failed.Count > 0, Deadline);
        Assert.Equal(1, await WaitingAsync(database));

        await using var after = await BusHost.StartAsync(database, broker.Settings, _queues);

        await CountedAsync(database, batch, 1);
    }

    [RabbitMqFact]
    public async Task A_request_is_answered_through_the_outbox()
    {
        var database = servers.NewDatabase();
        await using var broker = new Broker(servers.Rabbit, _queues);
        await using var host = await BusHost.StartAsync(database, broker.Settings, _queues);
        var order = Guid.NewGuid();

        var answer = await host.AskAsync(new FindOrder(order));

        Assert.Equal(order, answer.Id);
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0, Deadline);
    }

    /// <summary>Each of the batch's orders was placed once, the saga has counted each once, and nothing is left to deliver.</summary>
    private static async Task CountedAsync(MongoDatabase database, Guid batch, int count)
    {
        var tallies = database.GetCollection("sagas.tally");
        await Eventually.ValueAsync(
            async () => (await tallies.FindAsync(Bson.Document(("_id", batch)))).Select(tally => tally.GetInt32("Placed"u8)).SingleOrDefault(),
            placed => placed >= count,
            Deadline);
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0, Deadline);
        Assert.Equal(count, (await tallies.FindAsync(Bson.Document(("_id", batch)))).Single().GetInt32("Placed"u8));
        var orders = (await PlacedAsync(database)).Select(row => row.GetGuid("order"u8)).ToList();
        Assert.Equal(count, orders.Count);
        Assert.Equal(count, orders.Distinct().Count());
    }

    private static Task<IReadOnlyList<BsonDocument>> PlacedAsync(MongoDatabase database) => database.GetCollection("placed").FindAsync(BsonDocument.Empty);

    private static Task<long> WaitingAsync(MongoDatabase database) => database.GetCollection("outbox").CountAsync(BsonDocument.Empty);
}
