using System.ComponentModel;
using IotBus.Reporting.Documentation;
using IotBus.Reporting.Parameters;
using Microsoft.AspNetCore.Mvc;

namespace IotBus.Reporting.Series;

/// <summary>Which stretch of a device's readings, and how finely.</summary>
internal sealed class SeriesParameters : ICheckedParameters
{
    private SeriesRange? _range;

    [FromRoute(Name = "device")]
    [Example("sensor-42", Pattern = Identifier.Pattern)]
    [Description("The device.")]
    public required string Device { get; init; }

    [FromQuery(Name = "from")]
    [Example("2026-05-04T00:00:00Z", Format = "date-time")]
    [Description("Start, ISO 8601; UTC if it has no offset. Without it: 24 hours before the end. At most 31 days before the end.")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    [Example("2026-05-05T00:00:00Z", Format = "date-time")]
    [Description("End, exclusive, ISO 8601; UTC if it has no offset. Without it: now.")]
    public string? To { get; init; }

    [FromQuery(Name = "bucket")]
    [Example("5m", Pattern = BucketWidth.Pattern)]
    [Description("Width of a bucket: a number and s, m, h or d. At most 2000 buckets. Without it: the narrowest of 1s, 10s, 1m, 5m, 15m, 1h, 6h, 1d that makes at most 300.")]
    public string? Bucket { get; init; }

    /// <exception cref="InvalidOperationException">The parameters have not been read, or are not valid.</exception>
    public SeriesRange ToRange() => _range ?? throw new InvalidOperationException("The parameters have not been read.");

    public void Read(ParameterErrors errors, TimeProvider time)
    {
        Identifier.Read(Device, "device", errors);
        var range = SeriesRange.Read(From, To, Bucket, errors, time);
        _range = errors.Any ? null : range;
    }
}
