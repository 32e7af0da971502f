using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using IotBus.Api.Events;
using IotBus.Api.Fields;
using IotBus.Messages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IotBus.Api.OpenApi;

/// <summary>What the members of requests and events are, from the same bounds that the rules are made of.</summary>
internal static class MemberSchemas
{
    private static readonly Dictionary<string, Action<OpenApiSchema>> Members = new()
    {
        ["event_id"] = Id,
        ["timestamp"] = Timestamp,
        ["device_id"] = schema => Identifier(schema, "The device.", "sensor-42"),
        ["zone_id"] = schema => Identifier(schema, "Where the device is.", "warehouse-A"),
        ["firmware"] = schema => Identifier(schema, $"The version it runs; \"{DeviceBooted.UnknownFirmware}\" when it is not told.", "v1.0"),
        ["version_to"] = schema => Identifier(schema, "The version being installed. It comes back as update_to.", "v1.1"),
        ["update_to"] = schema => Identifier(schema, "The version being installed, as sent in version_to.", "v1.1"),
        ["error_code"] = schema => Identifier(schema, "What went wrong, in the device's own terms.", "OVERHEAT"),
        ["severity"] = Severity,
        ["temperature"] = schema => Number(schema, "°C.", EventRules.MinTemperature, EventRules.MaxTemperature, 24.5),
        ["humidity"] = schema => Number(schema, "% RH.", EventRules.MinHumidity, EventRules.MaxHumidity, 45),
    };

    private static readonly Dictionary<Type, string[]> Required = new()
    {
        [typeof(BootRequest)] = ["device_id", "zone_id"],
        [typeof(TelemetryRequest)] = ["device_id", "zone_id", "temperature", "humidity"],
        [typeof(FirmwareUpdateRequest)] = ["device_id", "version_to"],
        [typeof(AlertRequest)] = ["device_id", "error_code", "severity"],
    };

    private static readonly Dictionary<Type, string> Types = new()
    {
        [typeof(DeviceBooted)] = EventTypes.Boot,
        [typeof(TelemetryRecorded)] = EventTypes.Telemetry,
        [typeof(FirmwareUpdateStarted)] = EventTypes.FirmwareUpdate,
        [typeof(AlertRaised)] = EventTypes.Alert,
    };

    /// <summary>Fields are how requests are read, not what they are: their schemas stand where they are used.</summary>
    public static string? ReferenceId(JsonTypeInfo type) =>
        type.Type == typeof(FieldState) || (type.Type is { IsGenericType: true } generic && generic.GetGenericTypeDefinition() == typeof(Field<>))
            ? null
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { } member)
            DescribeMember(schema, member);
        else if (Required.TryGetValue(context.JsonTypeInfo.Type, out var required))
            schema.Required = new HashSet<string>(required);
        else if (Types.ContainsKey(context.JsonTypeInfo.Type))
            schema.Required?.Add("type");
        else if (context.JsonTypeInfo.Type == typeof(ProblemDetails))
            schema.Properties?["error"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The same as detail." };

        return Task.CompletedTask;
    }

    private static void DescribeMember(OpenApiSchema schema, JsonPropertyInfo member)
    {
        var owner = member.DeclaringType;
        var isRequest = typeof(EventRequest).IsAssignableFrom(owner);
        if (Types.TryGetValue(owner, out var type) && member.Name == "type")
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [type];
        }
        else if ((isRequest || typeof(SensorEvent).IsAssignableFrom(owner)) && Members.TryGetValue(member.Name, out var describe))
        {
            schema.Properties = null;
            describe(schema);

            // Devices have always been allowed to send numbers as text.
            if (isRequest && schema.Type == JsonSchemaType.Number)
                schema.Type |= JsonSchemaType.String;
        }
    }

    private static void Identifier(OpenApiSchema schema, string description, string example)
    {
        schema.Type = JsonSchemaType.String;
        schema.Description = description;
        schema.Pattern = $"^[A-Za-z0-9._:-]{{1,{EventRules.MaxIdentifierLength}}}$";
        schema.Examples = [example];
    }

    private static void Number(OpenApiSchema schema, string description, double minimum, double maximum, double example)
    {
        schema.Type = JsonSchemaType.Number;
        schema.Format = "double";
        schema.Pattern = null;
        schema.Description = description;
        schema.Minimum = minimum.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = maximum.ToString(CultureInfo.InvariantCulture);
        schema.Examples = [example];
    }

    private static void Severity(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.String;
        schema.Description = $"One of {string.Join(", ", Severities.All)}, in any case; stored in lower case.";
        schema.Examples = [Severities.High];
    }

    private static void Id(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.String;
        schema.Format = "uuid";
        schema.Description = "Identifies the event for ever. The header Idempotency-Key stands for it; without either one is made (UUID v7).";
        schema.Examples = ["0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f"];
    }

    private static void Timestamp(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.String;
        schema.Format = "date-time";
        schema.Description = "When it happened, UTC when it has no offset; the time of receipt when it is missing. At most "
            + $"{EventRules.MaxClockLead.TotalHours:0} h ahead of the service's clock, any time in the past.";
        schema.Examples = ["2026-05-04T03:02:01Z"];
    }
}
