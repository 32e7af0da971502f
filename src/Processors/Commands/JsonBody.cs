using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Processors.Commands;

/// <summary>Reads a request's JSON within a bound, or says why it cannot be read.</summary>
internal static class JsonBody
{
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, int maxBytes)
        where T : class
    {
        if (!request.HasJsonContentType())
            return (null, Problems.Of(StatusCodes.Status415UnsupportedMediaType, "The body must be JSON.", "Send Content-Type: application/json."));

        if (request.ContentLength > maxBytes)
            return (null, TooLarge(maxBytes));

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBytes;

        try
        {
            var body = await JsonSerializer.DeserializeAsync(request.Body, type, request.HttpContext.RequestAborted).ConfigureAwait(false);
            return body is null ? (null, Malformed("It is null.")) : (body, null);
        }
        catch (JsonException exception)
        {
            return (null, Malformed(exception.Message));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, TooLarge(maxBytes));
        }
    }

    private static ProblemHttpResult Malformed(string detail) =>
        Problems.Of(StatusCodes.Status400BadRequest, "The body is not the JSON that is expected.", detail);

    private static ProblemHttpResult TooLarge(int maxBytes) =>
        Problems.Of(StatusCodes.Status413PayloadTooLarge, "The body is too large.", $"It may have {maxBytes / 1024} KiB.");
}
