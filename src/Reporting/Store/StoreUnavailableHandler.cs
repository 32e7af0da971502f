using System.Globalization;
using IotBus.MongoDb;
using Microsoft.AspNetCore.Diagnostics;

namespace IotBus.Reporting.Store;

/// <summary>
/// Answers 503 with <c>Retry-After</c> when MongoDB is away or takes too long: the question was right, and asked again it will be answered. Other errors
/// of MongoDB are this service's fault, and 500.
/// </summary>
internal sealed partial class StoreUnavailableHandler(IProblemDetailsService problems, ILogger<StoreUnavailableHandler> logger) : IExceptionHandler
{
    /// <summary>MongoDB's MaxTimeMSExpired.</summary>
    private const int MaxTimeExpired = 50;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not MongoException failure || !(failure.IsTransient || failure.Code == MaxTimeExpired))
            return false;

        Unavailable(logger, httpContext.Request.Path, failure.Message);
        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            Exception = exception,
            ProblemDetails =
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = "The store does not answer.",
                Detail = failure.Code == MaxTimeExpired
                    ? "MongoDB took too long. Ask for less, or again later."
                    : "MongoDB cannot be reached. Ask again later.",
            },
        });
    }

    [LoggerMessage(LogLevel.Warning, "{Path} was answered with 503: {Reason}")]
    private static partial void Unavailable(ILogger logger, PathString path, string reason);
}
