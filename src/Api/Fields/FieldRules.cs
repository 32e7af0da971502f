using System.Globalization;
using IotBus.Messages;

namespace IotBus.Api.Fields;

/// <summary>
/// Every rule a member of an event must keep, in one place: the validators of single requests and the checks of batch lines both ask here.
/// Each returns null, or a sentence that names the member and the rule.
/// </summary>
internal static class FieldRules
{
    private static readonly string OneOfSeverities = $"must be one of {string.Join(", ", Severities.All)}, in any case.";
    private static readonly string OneOfTypes = $"must be one of {string.Join(", ", EventTypes.All)}.";

    private static readonly string TemperatureRange = string.Create(
        CultureInfo.InvariantCulture, $"must be between {EventRules.MinTemperature} and {EventRules.MaxTemperature} °C.");

    private static readonly string HumidityRange = string.Create(
        CultureInfo.InvariantCulture, $"must be between {EventRules.MinHumidity} and {EventRules.MaxHumidity} % RH.");

    private static readonly string Characters = $"must be 1–{EventRules.MaxIdentifierLength} characters of letters, digits, '.', '_', ':', '-'.";
    private static readonly string Ahead = $"must not be more than {EventRules.MaxClockLead.TotalHours:0} h ahead of the service's clock.";

    public static bool IsMissing(string message) => message.EndsWith(" is required.", StringComparison.Ordinal);

    public static string? Identifier(string name, Field<string> field) => field.IsPresent && EventRules.IsIdentifier(field.Value)
        ? null
        : Fault(name, field.State, "must be a string.", Characters);

    public static string? OptionalIdentifier(string name, Field<string> field) =>
        field.State == FieldState.Missing ? null : Identifier(name, field);

    public static string? Severity(string name, Field<string> field) => field.IsPresent && Canonical(field.Value) is not null
        ? null
        : Fault(name, field.State, "must be a string.", OneOfSeverities);

    public static string? Temperature(string name, Field<double> field) => field.IsPresent && EventRules.IsTemperature(field.Value)
        ? null
        : NumberFault(name, field, TemperatureRange);

    public static string? Humidity(string name, Field<double> field) => field.IsPresent && EventRules.IsHumidity(field.Value)
        ? null
        : NumberFault(name, field, HumidityRange);

    /// <summary>An identifier of an event. The nil UUID is none: devices that send it do not know their events apart.</summary>
    public static string? OptionalId(string name, Field<Guid> field) => field.State switch
    {
        FieldState.Missing => null,
        FieldState.Present when field.Value != Guid.Empty => null,
        FieldState.Present => $"{name} must not be the nil UUID.",
        _ => $"{name} must be a UUID, for example 0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f.",
    };

    public static string? OptionalTimestamp(string name, Field<DateTimeOffset> field, DateTimeOffset now) => field.State switch
    {
        FieldState.Missing => null,
        FieldState.Present when field.Value - now <= EventRules.MaxClockLead => null,
        FieldState.Present => $"{name} {Ahead}",
        _ => $"{name} must be ISO 8601, for example 2026-05-04T03:02:01Z.",
    };

    public static string? Type(string name, Field<string> field) => field.IsPresent && EventTypes.All.Contains(field.Value!)
        ? null
        : Fault(name, field.State, "must be a string.", OneOfTypes);

    /// <summary>The severity as it is stored; null when it is none.</summary>
    public static string? Canonical(string? severity)
    {
        foreach (var known in Severities.All)
        {
            if (string.Equals(known, severity, StringComparison.OrdinalIgnoreCase))
                return known;
        }

        return null;
    }

    private static string NumberFault(string name, Field<double> field, string range) =>
        field is { IsPresent: true, Value: var value } && !double.IsFinite(value)
            ? $"{name} must be finite."
            : Fault(name, field.State == FieldState.Unreadable ? FieldState.WrongType : field.State, "must be a number.", range);

    private static string Fault(string name, FieldState state, string type, string rule) => state switch
    {
        FieldState.Missing => $"{name} is required.",
        FieldState.WrongType => $"{name} {type}",
        _ => $"{name} {rule}",
    };
}
