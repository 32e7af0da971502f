namespace IotBus.MongoDb.Lanes;

internal sealed class LanePool(MongoClientOptions options) : IAsyncDisposable
{
    public MongoClientOptions Options { get; } = options;

    public string? DefaultDatabase => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
