using System.Globalization;
using IotBus.MongoDb;
using MassTransit;
using Xunit.Abstractions;

namespace IotBus.Persistence.Tests;

[Collection(StoreSuite.Name)]
public sealed class OutboxCostTests(StoreFixture store, ITestOutputHelper output)
{
    private static readonly string[] Counted =
        ["insert", "update", "delete", "find", "findAndModify", "aggregate", "getMore", "commitTransaction", "abortTransaction"];

    [Fact]
    public async Task A_message_with_one_that_it_sends_costs_at_most_six_commands_and_one_transaction()
    {
        const int count = 1000;
        var database = store.NewDatabase();
        await using var bus = await OrderBus.StartAsync(database, workers: 10);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => bus.SendAsync(NewId.NextGuid())));
        await bus.ArrivedAsync(50);
        var before = await CountAsync(database);

        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => bus.SendAsync(NewId.NextGuid())));
        await bus.ArrivedAsync(count + 50);

        var after = await CountAsync(database);
        var each = (after.Commands - before.Commands) / (double)count;
        var transactions = (after.Transactions - before.Transactions) / (double)count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{each:0.00} commands, {transactions:0.00} transactions a message"));
        Assert.InRange(each, 4, 6);
        Assert.InRange(transactions, 1, 1);
    }

    private static async Task<(long Commands, long Transactions)> CountAsync(MongoDatabase database)
    {
        var status = await database.RunCommandAsync(Bson.Document(("serverStatus", 1)));
        var commands = status.GetDocument("metrics").GetDocument("commands");
        var total = Counted.Sum(name => commands.TryGetDocument(name, out var command) ? command.GetInt64("total") : 0);
        return (total, status.GetDocument("transactions").GetInt64("totalStarted"));
    }
}
