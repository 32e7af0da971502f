namespace IotBus.MongoDb;

/// <summary>What kind of collection to make.</summary>
public sealed record CreateCollectionOptions
{
    /// <summary>Makes it a time series.</summary>
    public TimeSeriesOptions? TimeSeries { get; init; }

    /// <summary>How long a time series keeps documents. Other collections expire by an index: <see cref="IndexModel.ExpireAfter"/>.</summary>
    public TimeSpan? ExpireAfter { get; init; }

    /// <summary>WiredTiger's block compressor, such as <c>zstd</c>; the server's default if null.</summary>
    public string? Compressor { get; init; }
}

/// <summary>How a time series is laid out.</summary>
/// <param name="TimeField">The field that holds the time.</param>
/// <param name="MetaField">The field that says what a series is.</param>
/// <param name="Granularity"><c>seconds</c>, <c>minutes</c> or <c>hours</c>: how far apart the readings of one series are.</param>
public sealed record TimeSeriesOptions(string TimeField, string? MetaField = null, string? Granularity = null);
