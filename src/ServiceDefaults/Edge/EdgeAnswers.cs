using Microsoft.AspNetCore.Http;

namespace IotBus.ServiceDefaults.Edge;

/// <summary>What Kong answers, word for word, so that a client sees no difference.</summary>
internal static class EdgeAnswers
{
    public const string NoKey = """{"message":"No API key found in request"}""";
    public const string TwoKeys = """{"message":"Duplicate API key found"}""";
    public const string Unauthorized = """{"message":"Unauthorized"}""";
    public const string WrongGroup = """{"message":"You cannot consume this service"}""";
    public const string RateExceeded = """{"message":"API rate limit exceeded"}""";

    public static Task UnauthorizedAsync(HttpContext context, string body)
    {
        context.Response.Headers.WWWAuthenticate = "Key";
        return WriteAsync(context, StatusCodes.Status401Unauthorized, body);
    }

    public static Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
