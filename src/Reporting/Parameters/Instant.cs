using System.Globalization;

namespace IotBus.Reporting.Parameters;

/// <summary>An instant as a parameter: ISO 8601, UTC if it has no offset, in the years 1900 to 9999.</summary>
internal static class Instant
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static DateTimeOffset? Read(string? text, string parameter, ParameterErrors errors)
    {
        if (text is null)
            return null;

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, Utc, out var instant) && instant.Year >= 1900)
            return instant;

        const string Rule = "Must be ISO 8601, for example 2026-05-04T03:00:00Z, from the year 1900 on.";
        // The plus sign of an offset is a space to whoever decodes the URL.
        errors.Add(parameter, text.Contains(' ') ? Rule + " In a URL, a plus sign is written %2B." : Rule);
        return null;
    }
}
