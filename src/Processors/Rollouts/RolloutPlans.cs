using IotBus.MongoDb;
using IotBus.Processors.Store;

namespace IotBus.Processors.Rollouts;

/// <summary>What was asked for of each rollout: the collection <c>rollouts</c>. Thread-safe.</summary>
internal sealed class RolloutPlans(MongoDatabase database)
{
    private readonly MongoCollection _plans = database.GetCollection(Collections.Rollouts);

    public async Task<RolloutPlan?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await _plans.FindOneAsync(Bson.Document(("_id", id)), cancellationToken: cancellationToken).ConfigureAwait(false);
        return found is { } plan ? Read(plan) : null;
    }

    /// <exception cref="MongoBulkWriteException">With <see cref="MongoException.IsDuplicateKey"/>: there is one of this identifier.</exception>
    public Task AddAsync(RolloutPlan plan, MongoSession session, CancellationToken cancellationToken)
    {
        var document = Bson.Document(
            ("_id", plan.Id),
            ("version", plan.Version),
            ("zone", plan.Zone),
            ("devices", plan.Devices),
            ("wave_size", plan.WaveSize),
            ("max_failures", plan.MaxFailures),
            ("confirm_timeout_ms", (long)plan.ConfirmTimeout.TotalMilliseconds),
            ("requested_at", plan.RequestedAt),
            ("fingerprint", plan.Fingerprint));
        return _plans.InsertOneAsync(document, session, cancellationToken);
    }

    private static RolloutPlan Read(BsonDocument document) => new()
    {
        Id = document.GetGuid("_id"u8),
        Version = document.GetString("version"u8),
        Zone = document.TryGetString("zone"u8, out var zone) ? zone : null,
        Devices = document.GetInt32("devices"u8),
        WaveSize = document.GetInt32("wave_size"u8),
        MaxFailures = document.GetInt32("max_failures"u8),
        ConfirmTimeout = TimeSpan.FromMilliseconds(document.GetInt64("confirm_timeout_ms"u8)),
        RequestedAt = document.GetDateTime("requested_at"u8),
        Fingerprint = document.GetString("fingerprint"u8),
    };
}
