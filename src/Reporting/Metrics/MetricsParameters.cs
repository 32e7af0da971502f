using System.ComponentModel;
using IotBus.Reporting.Documentation;
using IotBus.Reporting.Parameters;
using Microsoft.AspNetCore.Mvc;

namespace IotBus.Reporting.Metrics;

/// <summary>The parameters that every metric takes.</summary>
internal sealed class MetricsParameters : ICheckedParameters
{
    private MetricsFilter? _filter;

    [FromQuery(Name = "from")]
    [Example("2026-05-04T00:00:00Z", Format = "date-time")]
    [Description("Start, a full hour, ISO 8601; UTC if it has no offset. Without it: since the first event.")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    [Example("2026-05-05T00:00:00Z", Format = "date-time")]
    [Description("End, exclusive, a full hour, ISO 8601; UTC if it has no offset. Without it: to the newest event.")]
    public string? To { get; init; }

    [FromQuery(Name = "zone")]
    [Example("warehouse-A", Pattern = Identifier.Pattern)]
    [Description("Only events of this zone. Where the event names no zone (alerts, firmware updates), the zone its device is in now decides.")]
    public string? Zone { get; init; }

    [FromQuery(Name = "device")]
    [Example("sensor-42", Pattern = Identifier.Pattern)]
    [Description("Only events of this device.")]
    public string? Device { get; init; }

    /// <exception cref="InvalidOperationException">The parameters have not been read, or are not valid.</exception>
    public MetricsFilter ToFilter() => _filter ?? throw new InvalidOperationException("The parameters have not been read.");

    public void Read(ParameterErrors errors, TimeProvider time)
    {
        var filter = new MetricsFilter(
            HourRange.Read(From, To, errors),
            Identifier.Read(Zone, "zone", errors),
            Identifier.Read(Device, "device", errors));
        _filter = errors.Any ? null : filter;
    }
}
