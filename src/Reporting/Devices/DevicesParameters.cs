using System.ComponentModel;
using System.Globalization;
using IotBus.Reporting.Documentation;
using IotBus.Reporting.Parameters;
using Microsoft.AspNetCore.Mvc;

namespace IotBus.Reporting.Devices;

/// <summary>Which devices to list, and from where on.</summary>
internal sealed class DevicesParameters : ICheckedParameters
{
    private const int MaxLimit = 1000;
    private const int DefaultLimit = 100;

    private DevicesFilter? _filter;

    [FromQuery(Name = "zone")]
    [Example("warehouse-A", Pattern = Identifier.Pattern)]
    [Description("Only devices that are in this zone now.")]
    public string? Zone { get; init; }

    [FromQuery(Name = "firmware")]
    [Example("1.4.2", Pattern = Identifier.Pattern)]
    [Description("Only devices that last booted with this firmware.")]
    public string? Firmware { get; init; }

    [FromQuery(Name = "seen_since")]
    [Example("2026-05-04T00:00:00Z", Format = "date-time")]
    [Description("Only devices with an event at or after this instant, ISO 8601; UTC if it has no offset.")]
    public string? SeenSince { get; init; }

    [FromQuery(Name = "limit")]
    [Example("100", Minimum = 1, Maximum = MaxLimit)]
    [Description("How many devices to answer at most, 1 to 1000; 100 if not given.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "after")]
    [Example("sensor-42", Pattern = Identifier.Pattern)]
    [Description("Only devices after this one by name: the next of the page before.")]
    public string? After { get; init; }

    /// <exception cref="InvalidOperationException">The parameters have not been read, or are not valid.</exception>
    public DevicesFilter ToFilter() => _filter ?? throw new InvalidOperationException("The parameters have not been read.");

    public void Read(ParameterErrors errors, TimeProvider time)
    {
        var filter = new DevicesFilter(
            Identifier.Read(Zone, "zone", errors),
            Identifier.Read(Firmware, "firmware", errors),
            Instant.Read(SeenSince, "seen_since", errors),
            Identifier.Read(After, "after", errors),
            ReadLimit(errors));
        _filter = errors.Any ? null : filter;
    }

    private int ReadLimit(ParameterErrors errors)
    {
        if (Limit is null)
            return DefaultLimit;

        if (int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit)
            return limit;

        errors.Add("limit", $"Must be a whole number from 1 to {MaxLimit}.");
        return DefaultLimit;
    }
}
