using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Processors.Commands;

/// <summary>Refusals as problem+json.</summary>
internal static class Problems
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static ProblemHttpResult Of(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title);

    public static IResult Invalid(IDictionary<string, string[]> errors) =>
        TypedResults.ValidationProblem(errors, title: "The request is not valid.");

    /// <summary>503 with <c>Retry-After</c>.</summary>
    public static ProblemHttpResult TryAgain(HttpContext context, string title, string detail)
    {
        context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Of(StatusCodes.Status503ServiceUnavailable, title, detail);
    }
}
