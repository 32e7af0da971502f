namespace IotBus.MongoDb.Tests.Client;

/// <summary>What the transactions of the tests do.</summary>
internal static class TransactionBodies
{
    private static readonly BsonDocument Document = Bson.Document(("_id", 1));

    /// <returns>How often the body ran.</returns>
    public static async Task<int> RunAsync(MongoClient client, TransactionOptions? options = null)
    {
        var bodies = 0;
        return await client.WithTransactionAsync(
            async (session, token) =>
            {
                bodies++;
                await InsertAsync(client, session, token);
                await InsertAsync(client, session, token);
                return bodies;
            },
            options);
    }

    public static async Task<bool> InsertAsync(MongoClient client, MongoSession session, CancellationToken token)
    {
        await client.GetDatabase("tests").GetCollection("things").InsertOneAsync(Document, session, token);
        return true;
    }
}
