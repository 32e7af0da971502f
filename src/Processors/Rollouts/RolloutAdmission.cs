using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Persistence;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Store;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>Takes a rollout in: its plan, its devices and its first message in one transaction, so that there is all of it or nothing.</summary>
internal sealed class RolloutAdmission(
    MongoDbContext context,
    RolloutPlans plans,
    RolloutDevices devices,
    DecommissionedDevices decommissioned,
    ISendEndpointProvider endpoints,
    TimeProvider time)
{
    private const int NamesInProblem = 10;

    private readonly MongoCollection _known = context.Database.GetCollection(Collections.Devices);

    /// <param name="id">The rollout's identifier.</param>
    /// <param name="request">A valid request.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MongoException">The store is in the way; sent again with the same identifier, it has one effect.</exception>
    public async Task<RolloutAnswer> AdmitAsync(Guid id, RolloutRequest request, CancellationToken cancellationToken)
    {
        var fingerprint = RolloutPlan.FingerprintOf(request);
        if (await RepeatOfAsync(id, fingerprint, cancellationToken).ConfigureAwait(false) is { } repeat)
            return repeat;

        IReadOnlyList<string> names = request.DeviceIds is { } ids ? [.. ids.Select(device => device!)] : await InZoneAsync(request.Zone!, cancellationToken).ConfigureAwait(false);
        if (Unfit(request, names, out var waveSize) is { } refusal)
            return refusal;

        var gone = await decommissioned.WhichAsync(names, cancellationToken).ConfigureAwait(false);
        if (gone.Count > 0)
            return RolloutAnswer.Invalid("device_ids", $"Out of service: {Listed(gone)}.");

        var plan = new RolloutPlan
        {
            Id = id,
            Version = request.Version!,
            Zone = request.Zone,
            Devices = names.Count,
            WaveSize = waveSize,
            MaxFailures = request.MaxFailures!.Value,
            ConfirmTimeout = TimeSpan.FromSeconds(request.ConfirmTimeout!.Value),
            RequestedAt = time.GetUtcNow(),
            Fingerprint = fingerprint,
        };
        try
        {
            await context.WithTransactionAsync((session, cancelled) => AddAsync(plan, names, session, cancelled), cancellationToken).ConfigureAwait(false);
            return RolloutAnswer.Accepted;
        }
        catch (MongoException exception) when (exception.IsDuplicateKey)
        {
            if (await RepeatOfAsync(id, fingerprint, cancellationToken).ConfigureAwait(false) is { } other)
                return other;

            var open = await devices.FindOpenAsync(names, NamesInProblem, session: null, cancellationToken).ConfigureAwait(false);
            return RolloutAnswer.Conflict(
                $"A device can be in one rollout at a time. In others now: {Listed([.. open.Select(device => $"{device.Device} ({device.RolloutId})")])}.");
        }
    }

    private async Task<bool> AddAsync(RolloutPlan plan, IReadOnlyList<string> names, MongoSession session, CancellationToken cancellationToken)
    {
        await plans.AddAsync(plan, session, cancellationToken).ConfigureAwait(false);
        await devices.AddAsync(plan.Id, plan.Version, names, plan.WaveSize, session, cancellationToken).ConfigureAwait(false);
        var rollouts = await endpoints.GetSendEndpoint(RolloutAddress.Queue).ConfigureAwait(false);
        await rollouts.Send(new RolloutRequested(plan.Id, plan.Version, plan.Waves, plan.MaxFailures, plan.ConfirmTimeout), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static RolloutAnswer? Unfit(RolloutRequest request, IReadOnlyList<string> names, out int waveSize)
    {
        waveSize = request.WaveSize ?? (int)Math.Ceiling(names.Count * request.Percent!.Value / 100);
        if (names.Count == 0)
            return RolloutAnswer.Invalid("zone", $"No device is in the zone '{request.Zone}'.");

        if (names.Count > RolloutLimits.MaxDevices)
            return RolloutAnswer.Invalid("zone", $"More than {RolloutLimits.MaxDevices} devices are in the zone '{request.Zone}'; name some with device_ids.");

        return waveSize > RolloutLimits.MaxWave
            ? RolloutAnswer.Invalid("percent", $"A wave would have {waveSize} of the {names.Count} devices, and may have {RolloutLimits.MaxWave}.")
            : null;
    }

    private async Task<RolloutAnswer?> RepeatOfAsync(Guid id, string fingerprint, CancellationToken cancellationToken)
    {
        if (await plans.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } plan)
            return null;

        return plan.Fingerprint == fingerprint
            ? RolloutAnswer.Repeated
            : RolloutAnswer.Conflict($"The rollout {id} was asked for before, with another request.");
    }

    private async Task<IReadOnlyList<string>> InZoneAsync(string zone, CancellationToken cancellationToken)
    {
        var find = new FindOptions { Projection = Bson.Document(("_id", 1)), Sort = Bson.Document(("_id", 1)), Limit = RolloutLimits.MaxDevices + 1 };
        var found = await _known.FindAsync(Bson.Document(("zone", zone)), find, session: null, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(document => document.GetDocument("_id"u8).GetString("d"u8))];
    }

    private static string Listed(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(NamesInProblem)) + (names.Count > NamesInProblem ? $" and {names.Count - NamesInProblem} more" : "");
}
