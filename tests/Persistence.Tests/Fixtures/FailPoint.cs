using IotBus.MongoDb;

namespace IotBus.Persistence.Tests;

/// <summary>MongoDB's <c>failCommand</c> fail point, set for the clients of one name until it is disposed.</summary>
internal sealed class FailPoint(MongoClient client) : IAsyncDisposable
{
    public static async Task<FailPoint> SetAsync(MongoClient client, string appName, int times, BsonDocument failure)
    {
        var data = Bson.Document([.. failure.Select(field => (field.Name, field.Value)), ("appName", appName)]);
        await client.GetDatabase("admin").RunCommandAsync(
            Bson.Document(("configureFailPoint", "failCommand"), ("mode", Bson.Document(("times", times))), ("data", data)));
        return new FailPoint(client);
    }

    public async ValueTask DisposeAsync() =>
        await client.GetDatabase("admin").RunCommandAsync(Bson.Document(("configureFailPoint", "failCommand"), ("mode", "off")));
}
