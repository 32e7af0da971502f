namespace IotBus.MongoDb.Tests.Server;

/// <summary>A test that needs the <c>failCommand</c> fail point: reported as skipped on a server that was started without it.</summary>
public sealed class FailPointFactAttribute : FactAttribute
{
    /// <summary>Asked once, when the tests are discovered: xunit 2 skips nothing later than that.</summary>
    private static readonly Lazy<Task<string?>> Reason = new(AskAsync);

    public FailPointFactAttribute() => Skip = Task.Run(() => Reason.Value).GetAwaiter().GetResult();

    private static async Task<string?> AskAsync()
    {
        var uri = Environment.GetEnvironmentVariable("IOTBUS_TEST_MONGODB");
        if (string.IsNullOrWhiteSpace(uri))
            return null;

        await using var client = new MongoClient(new MongoClientOptions { Uri = uri });
        try
        {
            var reply = await client.GetDatabase("admin").RunCommandAsync(Bson.Document(("getParameter", 1), ("enableTestCommands", 1)));
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
