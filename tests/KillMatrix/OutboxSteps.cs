using System.Text;
using System.Text.Json;

namespace IotBus.KillMatrix;

/// <summary>What the scenarios behind the outbox have in common.</summary>
internal static class OutboxSteps
{
    /// <summary>The steps from the outbox's insert to the offset's commit.</summary>
    public static IReadOnlyList<string> AfterTheConsumer { get; } =
    [
        "after outbox",
        "before commit",
        "after commit",
        "before delivery by KafkaOutboxTransport",
        "after delivery by KafkaOutboxTransport",
        "before delivery by BusTransport",
        "after delivery by BusTransport",
        "after delete",
        BeforeOffsets.Step,
        CommittedOffsets.Step,
    ];

    /// <summary>Whether all was received, and nothing is left to be sent.</summary>
    public static async Task<bool> IsDeliveredAsync(KillRound round, int messages) =>
        (await round.AllAsync("shipments")).Count >= messages && (await round.AllAsync("outbox")).Count == 0;

    /// <summary>Over the bus by the receiver's inbox; on the topic by the identifier, which is the same however often a message was produced.</summary>
    public static async Task AssertReceivedOnceAsync(KillRound round, IEnumerable<string> names)
    {
        Assert.Equal(names, await round.OfAsync("shipments"));
        var notes = round.ReadNotes().Select(note => (
            Name: JsonDocument.Parse(note.Message.Value).RootElement.GetProperty("id").GetString()!,
            MessageId: Encoding.UTF8.GetString(note.Message.Headers.GetLastBytes("MessageId"))));
        Assert.Equal(names, notes.Distinct().Select(note => note.Name).Order(StringComparer.Ordinal));
        Assert.Empty(await round.AllAsync("outbox"));
    }
}
