using IotBus.MongoDb;
using IotBus.Processors.Events;
using IotBus.Processors.Store;

namespace IotBus.Processors.Decommissioning;

/// <summary>Removes the last that is known of the device.</summary>
internal sealed class RemoveDeviceState(MongoDatabase database) : IDecommissionStep
{
    private readonly MongoCollection _devices = database.GetCollection(Collections.Devices);

    public string Name => "device_state";

    public Task RunAsync(Decommission decommission, CancellationToken cancellationToken)
    {
        var ids = Bson.Array(new[] { DeviceStreams.Telemetry, DeviceStreams.Alerts }
            .Select(stream => (BsonValue)Bson.Document(("d", decommission.DeviceId), ("s", stream))));
        return _devices.DeleteManyAsync(Bson.Document(("_id", Bson.Document(("$in", ids)))), session: null, cancellationToken);
    }
}
