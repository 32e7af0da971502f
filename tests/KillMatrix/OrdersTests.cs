using System.Text.Json;
using IotBus.KillMatrix.Orders;
using Xunit.Abstractions;

namespace IotBus.KillMatrix;

/// <summary>A plain consumer behind the outbox, which produces to a topic and sends over the bus.</summary>
public sealed class OrdersTests(Servers servers, ITestOutputHelper output) : IClassFixture<Servers>
{
    private static readonly string[] Steps =
    [
        "before transaction",
        "after inbox",
        PlaceOrderConsumer.AfterWrite,
        .. OutboxSteps.AfterTheConsumer,
    ];

    [Fact]
    public Task A_consumer_that_is_killed_at_any_step_leaves_each_order_placed_once_and_told_of_once() => Rounds.RunAsync("orders", output, RoundAsync);

    private async Task<int> RoundAsync()
    {
        await using var round = await KillRound.CreateAsync(servers, OrdersHost.Scenario);
        var orders = new List<string>();
        await round.RunAsync(Steps, () => WorkAsync(round, orders), () => OutboxSteps.IsDeliveredAsync(round, orders.Count));

        orders.Sort(StringComparer.Ordinal);
        Assert.Equal(orders, await round.OfAsync("orders"));
        await OutboxSteps.AssertReceivedOnceAsync(round, orders);
        return round.Kills;
    }

    private static async Task WorkAsync(KillRound round, List<string> orders)
    {
        for (var i = 0; i < 2; i++)
        {
            var order = Guid.NewGuid();
            orders.Add(order.ToString());
            await round.ProduceAsync(order.ToString(), JsonSerializer.SerializeToUtf8Bytes(new PlaceOrder(order.ToString()), JsonSerializerOptions.Web), order);
        }
    }
}
