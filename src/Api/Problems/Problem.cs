using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Api.Problems;

/// <summary>
/// What went wrong, as problem+json (RFC 9457). Each also has a string member <c>error</c>: clients of the replaced system read that one.
/// </summary>
internal static class Problem
{
    public static ProblemHttpResult Of(int status, string error, IDictionary<string, object?>? members = null)
    {
        members ??= new Dictionary<string, object?>(1);
        members["error"] = error;
        return TypedResults.Problem(detail: error, statusCode: status, extensions: members);
    }

    /// <summary>Tells the client when to come again.</summary>
    public static void RetryAfter(HttpContext context, TimeSpan delay) =>
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
