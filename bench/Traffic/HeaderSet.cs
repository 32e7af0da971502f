namespace IotBus.Bench.Traffic;

/// <summary>Which headers an event has on its topic.</summary>
internal enum HeaderSet
{
    /// <summary>What a consumer needs to tell a device's event: its identifier, its type and the form of its value. Three.</summary>
    Needed,

    /// <summary>All that the Api writes: MassTransit's addresses and identifiers, and the trace. Nine.</summary>
    Api,
}
