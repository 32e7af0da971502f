using IotBus.MongoDb;
using Microsoft.AspNetCore.Diagnostics;

namespace IotBus.Processors.Commands;

/// <summary>Answers 503 when the store is away: whether a command was taken may be unknown, and giving it again has one effect.</summary>
internal sealed partial class StoreFailureHandler(ILogger<StoreFailureHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not MongoException failure)
            return false;

        LogUnavailable(httpContext.Request.Method, httpContext.Request.Path, failure.Message);
        await Problems.TryAgain(
            httpContext,
            "The store does not answer.",
            "Whether the command was taken is not known. Give it again with the same identifier: it has one effect.").ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} was answered with 503: {Reason}")]
    private partial void LogUnavailable(string method, PathString path, string reason);
}
