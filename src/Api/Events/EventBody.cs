using System.Text.Json;
using IotBus.Api.Fields;
using IotBus.Api.Problems;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace IotBus.Api.Events;

/// <summary>What is asked of every body before it is read, and what is said of one that cannot be.</summary>
internal static class EventBody
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Refuses by the headers alone, so that nothing is read that would be thrown away.</summary>
    public static Refusal? Precheck(HttpRequest request)
    {
        if (!IsJson(request.ContentType) || !StringValues.IsNullOrEmpty(request.Headers.ContentEncoding))
        {
            return new Refusal(RejectionReasons.UnsupportedMediaType, Problem.Of(
                StatusCodes.Status415UnsupportedMediaType,
                "The body must be JSON: send Content-Type: application/json, in UTF-8 and without Content-Encoding."));
        }

        return request.ContentLength > EventLimits.MaxEventBytes ? TooLarge() : null;
    }

    public static Refusal TooLarge() => new(RejectionReasons.TooLarge, Problem.Of(
        StatusCodes.Status413PayloadTooLarge, $"An event has at most {EventLimits.MaxEventBytes / 1024} KiB."));

    public static Refusal NotAnObject() => new(RejectionReasons.Malformed, Problem.Of(
        StatusCodes.Status400BadRequest, "The body must be a JSON object."));

    public static Refusal Disconnected() => new(RejectionReasons.Malformed, Problem.Of(
        StatusCodes.Status400BadRequest, "The body broke off."));

    /// <summary>Counts from one, as editors do.</summary>
    public static Refusal Malformed(JsonException exception)
    {
        var line = (exception.LineNumber ?? 0) + 1;
        var position = (exception.BytePositionInLine ?? 0) + 1;
        return new Refusal(RejectionReasons.Malformed, Problem.Of(
            StatusCodes.Status400BadRequest,
            $"The body is malformed JSON at line {line}, position {position}.",
            new Dictionary<string, object?> { ["line"] = line, ["position"] = position }));
    }

    public static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    /// <summary>Some clients begin a file with a byte order mark; RFC 8259 lets a reader ignore it.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) =>
        utf8.StartsWith(ByteOrderMark) ? utf8[ByteOrderMark.Length..] : utf8;

    public static bool IsObject(ReadOnlySpan<byte> utf8)
    {
        var start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
        return start >= 0 && utf8[start] == (byte)'{';
    }

    /// <summary>The header as the field it stands for; quotes around it, as the header's draft standard has them, are fine.</summary>
    public static Field<Guid> IdempotencyKey(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(EventRequest.IdempotencyKeyHeader, out var values) || values.Count == 0)
            return Field<Guid>.Missing;

        if (values.Count > 1)
            return Field<Guid>.Unreadable;

        var text = values[0].AsSpan().Trim();
        return FieldReader.Id(text is ['"', .. var quoted, '"'] ? quoted : text);
    }

    private static bool IsJson(string? contentType)
    {
        if (string.Equals(contentType, "application/json", StringComparison.OrdinalIgnoreCase))
            return true;

        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && IsUtf8(type);
    }
}
