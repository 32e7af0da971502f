namespace IotBus.MongoDb.Tests.Server;

/// <summary>MongoDB's <c>failCommand</c> fail point, set for the clients of one name until it is disposed.</summary>
internal sealed class FailPoint : IAsyncDisposable
{
    private readonly MongoClient _client;

    private FailPoint(MongoClient client) => _client = client;

    /// <summary>Sets it.</summary>
    /// <param name="store">The server.</param>
    /// <param name="appName">The clients that meet it.</param>
    /// <param name="times">How often; always if null.</param>
    /// <param name="data">What fails, and how.</param>
    public static async Task<FailPoint> SetAsync(StoreFixture store, string appName, int? times, params (string Name, BsonValue Value)[] data)
    {
        var mode = times is { } count ? (BsonValue)Bson.Document(("times", count)) : "alwaysOn";
        await ConfigureAsync(store.Client, mode, Bson.Document([.. data, ("appName", appName)]));
        return new FailPoint(store.Client);
    }

    public async ValueTask DisposeAsync() => await ConfigureAsync(_client, "off", BsonDocument.Empty);

    private static Task<BsonDocument> ConfigureAsync(MongoClient client, BsonValue mode, BsonDocument data) =>
        client.GetDatabase("admin").RunCommandAsync(
            data.IsEmpty
                ? Bson.Document(("configureFailPoint", "failCommand"), ("mode", mode))
                : Bson.Document(("configureFailPoint", "failCommand"), ("mode", mode), ("data", data)));
}
