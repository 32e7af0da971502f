using IotBus.Reporting.Parameters;

namespace IotBus.Reporting.Series;

/// <summary>
/// A stretch of time cut into buckets. Buckets begin at multiples of their width since 1970-01-01T00:00Z, so they are the same in every request;
/// the first may begin before <paramref name="From"/> and the last end after <paramref name="To"/>, and both then hold only what lies in the range.
/// </summary>
internal sealed record SeriesRange(DateTimeOffset From, DateTimeOffset To, TimeSpan Bucket)
{
    public const int MaxBuckets = 2000;

    private static readonly TimeSpan DefaultLength = TimeSpan.FromHours(24);

    public static TimeSpan MaxLength { get; } = TimeSpan.FromDays(31);

    /// <summary>The start of the first bucket, at or before <see cref="From"/>.</summary>
    public DateTimeOffset FirstBucket
    {
        get
        {
            var ticks = (From - DateTimeOffset.UnixEpoch).Ticks;
            var into = ticks % Bucket.Ticks;
            return From.AddTicks(into < 0 ? -(into + Bucket.Ticks) : -into);
        }
    }

    /// <summary>Reads the three parameters, and returns null if one cannot be read; without them the last 24 hours, in at most 300 buckets.</summary>
    public static SeriesRange? Read(string? from, string? to, string? bucket, ParameterErrors errors, TimeProvider time)
    {
        var end = Instant.Read(to, "to", errors) ?? time.GetUtcNow();
        var start = Instant.Read(from, "from", errors) ?? end - DefaultLength;
        var width = BucketWidth.Read(bucket, "bucket", errors);
        if (!errors.NoneOf("from", "to"))
            return null;

        var length = end - start;
        if (length <= TimeSpan.Zero)
            errors.Add("from", "Must be before to; without to, before now.");
        else if (length > MaxLength)
            errors.Add("from", $"Must be at most {MaxLength.Days} days before to; without to, before now.");

        if (!errors.NoneOf("from", "to", "bucket"))
            return null;

        var range = new SeriesRange(start, end, width ?? BucketWidth.For(length));
        if ((end - range.FirstBucket) / range.Bucket > MaxBuckets)
            errors.Add("bucket", $"Cuts the range into more than {MaxBuckets} buckets: make it wider, or the range shorter.");

        return range;
    }
}
