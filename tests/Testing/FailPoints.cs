using IotBus.MongoDb;

namespace IotBus.Testing;

/// <summary>Whether the MongoDB of the tests has the <c>failCommand</c> fail point, which a real one has only when started for tests.</summary>
internal static class FailPoints
{
    // Asked once, when the tests are discovered: xunit 2 skips nothing later than that.
    private static readonly Lazy<Task<string?>> Reason = new(AskAsync);

    /// <summary>Why a test that needs it is skipped; null where it is there.</summary>
    public static string? SkipReason => Task.Run(() => Reason.Value).GetAwaiter().GetResult();

    private static async Task<string?> AskAsync()
    {
        var uri = Environment.GetEnvironmentVariable("IOTBUS_TEST_MONGODB");
        if (string.IsNullOrWhiteSpace(uri))
            return null;

        var client = new MongoClient(new MongoClientOptions { Uri = uri });
        await using (client.ConfigureAwait(false))
        {
            try
            {
                var question = Bson.Document(("getParameter", 1), ("enableTestCommands", 1));
                var reply = await client.GetDatabase("admin").RunCommandAsync(question).ConfigureAwait(false);
                return reply.TryGetValue("enableTestCommands"u8, out var value) && value.Type is BsonType.Boolean && value.AsBoolean()
                    ? null
                    : "The server was started without enableTestCommands=1.";
            }
            catch (MongoException e)
            {
                return $"The server does not say whether it has fail points: {e.Message}";
            }
        }
    }
}
