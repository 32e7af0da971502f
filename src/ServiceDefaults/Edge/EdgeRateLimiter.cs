using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace IotBus.ServiceDefaults.Edge;

/// <summary>
/// The partitions of ASP.NET Core's rate limiter: one a consumer. It also tells every answer how much is left, in the headers that Kong uses.
/// </summary>
internal sealed class EdgeRateLimiter : PartitionedRateLimiter<HttpContext>
{
    // Windows last a second and the headers count in whole seconds.
    private const string UntilReset = "1";

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount)
    {
        if (resource.Features.Get<EdgeConsumer>()?.Window is not { } window)
            return Lease.Acquired;

        var taken = window.TryTake(out var remaining);
        var headers = resource.Response.Headers;
        headers["RateLimit-Limit"] = window.Limit;
        headers["RateLimit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = UntilReset;
        if (taken)
            return Lease.Acquired;

        headers.RetryAfter = UntilReset;
        return Lease.Refused;
    }

    /// <summary>Nobody waits: what is over the limit is refused at once.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext resource, int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(resource, permitCount));

    private sealed class Lease(bool isAcquired) : RateLimitLease
    {
        public static readonly Lease Acquired = new(true);
        public static readonly Lease Refused = new(false);

        public override bool IsAcquired { get; } = isAcquired;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
