using System.Globalization;
using IotBus.MongoDb;
using IotBus.Processors.Store;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>Answers where rollouts stand, from the store. Thread-safe but for the saga's repository, which is its scope's.</summary>
internal sealed class RolloutReports(MongoDatabase database, RolloutPlans plans, ILoadSagaRepository<Rollout> sagas)
{
    private const string NotBegun = "requested";

    private readonly MongoCollection _devices = database.GetCollection(Collections.RolloutDevices);

    /// <summary>The state that a rollout's saga is in; null if there is no such rollout.</summary>
    public async Task<string?> StateAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await plans.FindAsync(id, cancellationToken).ConfigureAwait(false) is null)
            return null;

        return Name(await sagas.Load(id).ConfigureAwait(false));
    }

    /// <param name="id">The rollout.</param>
    /// <param name="page">Which devices are listed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null if there is no such rollout.</returns>
    public async Task<RolloutView?> FindAsync(Guid id, RolloutDevicePage page, CancellationToken cancellationToken)
    {
        if (await plans.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } plan)
            return null;

        var rollout = await sagas.Load(id).ConfigureAwait(false);
        var waves = await WavesAsync(id, cancellationToken).ConfigureAwait(false);
        var devices = await DevicesAsync(id, page, cancellationToken).ConfigureAwait(false);
        var counts = waves.SelectMany(wave => wave.Value).GroupBy(state => state.Key, state => state.Value).ToDictionary(state => state.Key, state => state.Sum());
        return new RolloutView
        {
            RolloutId = id,
            Version = plan.Version,
            State = Name(rollout),
            Zone = plan.Zone,
            WaveSize = plan.WaveSize,
            MaxFailures = plan.MaxFailures,
            ConfirmTimeout = plan.ConfirmTimeout.TotalSeconds,
            RequestedAt = plan.RequestedAt,
            StartedAt = rollout?.StartedAt,
            EndedAt = rollout?.EndedAt,
            Wave = rollout?.Wave ?? 0,
            Counts = DeviceCounts.Of(counts),
            Waves = [.. waves.Select(wave => new WaveView(wave.Key, StateOf(wave.Value), DeviceCounts.Of(wave.Value)))],
            Devices = devices,
            Next = devices.Count == page.Limit ? devices[^1].DeviceId : null,
        };
    }

    private static string Name(Rollout? rollout) => rollout?.CurrentState.ToLower(CultureInfo.InvariantCulture) ?? NotBegun;

    private static string StateOf(Dictionary<string, int> states)
    {
        if (states.Keys.Any(DeviceUpdateStates.IsPending))
            return "running";

        if (states.ContainsKey(DeviceUpdateStates.Waiting))
            return "waiting";

        return states.Keys.All(state => state == DeviceUpdateStates.Cancelled) ? "cancelled" : "settled";
    }

    private async Task<SortedDictionary<int, Dictionary<string, int>>> WavesAsync(Guid id, CancellationToken cancellationToken)
    {
        var key = Bson.Document(("w", "$w"), ("state", "$state"));
        var groups = await _devices.AggregateAsync(
            [
                Bson.Document(("$match", Bson.Document(("_id.r", id)))),
                Bson.Document(("$group", Bson.Document(("_id", key), ("n", Bson.Document(("$sum", 1)))))),
            ],
            cancellationToken: cancellationToken).ConfigureAwait(false);
        var waves = new SortedDictionary<int, Dictionary<string, int>>();
        foreach (var group in groups)
        {
            var wave = group.GetDocument("_id"u8);
            if (!waves.TryGetValue(wave.GetInt32("w"u8), out var states))
                waves.Add(wave.GetInt32("w"u8), states = []);

            states[wave.GetString("state"u8)] = group.GetInt32("n"u8);
        }

        return waves;
    }

    private async Task<IReadOnlyList<RolloutDeviceView>> DevicesAsync(Guid id, RolloutDevicePage page, CancellationToken cancellationToken)
    {
        var filter = new List<(string, BsonValue)> { ("_id.r", id) };
        if (page.After is { } after)
            filter.Add(("_id.d", Bson.Document(("$gt", after))));

        if (page.State is { } state)
            filter.Add(("state", state));

        var find = new FindOptions { Sort = Bson.Document(("_id.r", 1), ("_id.d", 1)), Limit = page.Limit };
        var found = await _devices.FindAsync(Bson.Document([.. filter]), find, session: null, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(Read)];
    }

    private static RolloutDeviceView Read(BsonDocument document) => new()
    {
        DeviceId = document.GetDocument("_id"u8).GetString("d"u8),
        Wave = document.GetInt32("w"u8),
        State = document.GetString("state"u8),
        Reason = document.TryGetString("reason"u8, out var reason) ? reason : null,
        RequestedAt = document.TryGetDateTime("requested_at"u8, out var requested) ? requested : null,
        StartedAt = document.TryGetDateTime("started_at"u8, out var started) ? started : null,
        SettledAt = document.TryGetDateTime("settled_at"u8, out var settled) ? settled : null,
    };
}
