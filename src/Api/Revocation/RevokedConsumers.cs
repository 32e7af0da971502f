using System.Collections.Concurrent;
using IotBus.MongoDb;
using IotBus.ServiceDefaults.Edge;

namespace IotBus.Api.Revocation;

/// <summary>
/// Who was revoked: the collection <c>edge.revoked</c>, read every second into memory. While the store is away it stays as it was; a device that is revoked
/// meanwhile is found out by the Processors, who put its events aside.
/// </summary>
internal sealed partial class RevokedConsumers(MongoClient client, IConfiguration configuration, TimeProvider time, ILogger<RevokedConsumers> logger)
    : BackgroundService, IRevokedConsumers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Each replica of the Processors dates by its own clock: what comes late is looked for that far back.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private readonly MongoCollection _collection = client.GetDatabase(configuration["MongoDb:Database"] ?? "iotbus").GetCollection("edge.revoked");
    private readonly ConcurrentDictionary<string, byte> _revoked = new(StringComparer.Ordinal);
    private DateTimeOffset? _newest;

    public bool Contains(string username) => !_revoked.IsEmpty && _revoked.ContainsKey(username);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isAway = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stoppingToken);
                isAway = false;
            }
            catch (MongoException exception)
            {
                if (!isAway)
                    NotRead(logger, exception.Message);

                isAway = true;
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var filter = _newest is { } newest ? Bson.Document(("at", Bson.Document(("$gte", newest - Overlap)))) : BsonDocument.Empty;
        foreach (var document in await _collection.FindAsync(filter, cancellationToken: cancellationToken))
        {
            _revoked.TryAdd(document.GetString("_id"u8), 0);
            var at = document.GetDateTime("at"u8);
            _newest = at > _newest || _newest is null ? at : _newest;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Who was revoked could not be read; what is known of it goes on to apply. {Reason}")]
    private static partial void NotRead(ILogger logger, string reason);
}
