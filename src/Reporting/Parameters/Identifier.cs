using System.Buffers;

namespace IotBus.Reporting.Parameters;

/// <summary>The identifiers of devices, zones and firmware versions, by the rule by which events are accepted.</summary>
internal static class Identifier
{
    public const int MaxLength = 128;

    /// <summary>The rule as a regular expression, for the OpenAPI document.</summary>
    public const string Pattern = "^[A-Za-z0-9._:-]{1,128}$";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    public static bool IsValid(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxLength && !text.ContainsAnyExcept(Allowed);

    public static string? Read(string? text, string parameter, ParameterErrors errors)
    {
        if (text is null || IsValid(text))
            return text;

        errors.Add(parameter, $"Must be 1 to {MaxLength} letters, digits or one of . _ : -");
        return null;
    }
}
