using Microsoft.AspNetCore.Http;

namespace IotBus.DevHost.Tests.Replay;

/// <summary>A status with <c>Retry-After</c>, for a request of which nothing was taken.</summary>
internal sealed class Refusal(int status, string? retryAfter) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.Headers.RetryAfter = retryAfter;
        return httpContext.Response.WriteAsync("{\"message\":\"refused\"}");
    }
}
