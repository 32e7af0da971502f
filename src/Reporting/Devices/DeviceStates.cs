using IotBus.MongoDb;
using IotBus.Reporting.Store;

namespace IotBus.Reporting.Devices;

/// <summary>The collection <c>devices</c>, for reading: both streams of a device as one. Thread-safe.</summary>
internal sealed class DeviceStates(ReportingStore store)
{
    public async Task<DeviceState?> FindAsync(string device, CancellationToken cancellationToken)
    {
        DeviceState? state = null;
        var filter = Bson.Document(("_id", Bson.Document(("$in", Bson.Array(
            Bson.Document(("d", device), ("s", DeviceStreams.Alerts)),
            Bson.Document(("d", device), ("s", DeviceStreams.Telemetry)))))));
        await foreach (var document in store.Devices.FindEachAsync(filter, store.Find, cancellationToken: cancellationToken))
            state = DeviceDocument.Merge(state ?? new DeviceState { Device = device }, document);

        return state;
    }

    /// <summary>
    /// Reads in the order of the index on <c>_id</c>, where a device's two documents are neighbours, and stops when the page is full: a page costs what
    /// it holds, or, with a filter that few devices pass, up to all devices after the cursor; never their history.
    /// </summary>
    public async Task<DevicePage> ListAsync(DevicesFilter filter, CancellationToken cancellationToken)
    {
        var options = store.Find with { Sort = Bson.Document(("_id", 1)), BatchSize = 2 * (filter.Limit + 1) };
        var page = new List<DeviceState>();
        DeviceState? state = null;
        await foreach (var document in store.Devices.FindEachAsync(Candidates(filter), options, cancellationToken: cancellationToken))
        {
            var device = DeviceDocument.Device(document);
            if (state is not null && state.Device != device)
            {
                if (filter.Passes(state))
                    page.Add(state);

                state = null;
                if (page.Count > filter.Limit)
                    break;
            }

            state = DeviceDocument.Merge(state ?? new DeviceState { Device = device }, document);
        }

        if (state is not null && filter.Passes(state))
            page.Add(state);

        return page.Count > filter.Limit
            ? new DevicePage(page[..filter.Limit], page[filter.Limit - 1].Device)
            : new DevicePage(page, Next: null);
    }

    /// <summary>Leaves out on the server what cannot pass. Alerts know neither zone nor firmware, so theirs stay in until they are merged.</summary>
    private static BsonDocument Candidates(DevicesFilter filter)
    {
        List<(string, BsonValue)> fields = [];
        if (filter.After is not null)
            fields.Add(("_id", Bson.Document(("$gt", Bson.Document(("d", filter.After), ("s", DeviceStreams.Telemetry))))));

        List<(string, BsonValue)> telemetry = [];
        if (filter.Zone is not null)
            telemetry.Add(("zone", filter.Zone));

        if (filter.Firmware is not null)
            telemetry.Add(("firmware", filter.Firmware));

        if (telemetry.Count > 0)
            fields.Add(("$or", Bson.Array(Bson.Document(("_id.s", DeviceStreams.Alerts)), Bson.Document([.. telemetry]))));

        return Bson.Document([.. fields]);
    }
}
