namespace IotBus.Reporting.Devices;

/// <summary>At most <paramref name="Limit"/> devices after <paramref name="After"/> by name, for which all that is not null holds.</summary>
internal sealed record DevicesFilter(string? Zone, string? Firmware, DateTimeOffset? SeenSince, string? After, int Limit)
{
    public bool Passes(DeviceState state) =>
        (Zone is null || state.Zone == Zone)
        && (Firmware is null || state.Firmware == Firmware)
        && (SeenSince is null || state.LastSeen >= SeenSince.Value.UtcDateTime);
}
