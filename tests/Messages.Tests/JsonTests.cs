using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IotBus.Messages.Tests;

/// <summary>The JSON of the messages, which is what Kafka holds for weeks and what other languages read.</summary>
public sealed class JsonTests
{
    private const string Common = "\"timestamp\":\"2026-05-04T03:02:01Z\",\"device_id\":\"sensor-42\"";
    private static readonly Guid Id = Guid.Parse("0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f");
    private static readonly DateTimeOffset Time = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    public static TheoryData<string, string> Messages() => new()
    {
        { nameof(DeviceBooted), $$"""{"event_id":"{{Id}}","type":"boot",{{Common}},"zone_id":"warehouse-A","firmware":"v1.0"}""" },
        { nameof(TelemetryRecorded), $$"""{"event_id":"{{Id}}","type":"telemetry",{{Common}},"zone_id":"warehouse-A","temperature":24.5,"humidity":45}""" },
        { nameof(FirmwareUpdateStarted), $$"""{"event_id":"{{Id}}","type":"firmware_update",{{Common}},"update_to":"v1.1"}""" },
        { nameof(AlertRaised), $$"""{"event_id":"{{Id}}","type":"alert",{{Common}},"error_code":"OVERHEAT","severity":"high"}""" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_a_flat_object_with_snake_case_members(string type, string json) =>
        Assert.Equal(json, JsonSerializer.Serialize(Sample(type), Json(type)));

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_reads_back_as_it_was(string type, string json) =>
        Assert.Equal(Sample(type), JsonSerializer.Deserialize(json, Json(type)));

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_that_lacks_a_required_member_does_not_read(string type, string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var member in document.RootElement.EnumerateObject().Select(member => member.Name))
        {
            var without = document.RootElement.EnumerateObject().Where(other => other.Name != member).ToDictionary(other => other.Name, other => other.Value);
            var text = JsonSerializer.Serialize(without);

            // The type is told by the header too, and a boot may come without its firmware.
            if (member is "type" or "firmware")
                Assert.NotNull(JsonSerializer.Deserialize(text, Json(type)));
            else
                Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(text, Json(type)));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_with_null_for_a_text_does_not_read(string type, string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json.Replace("\"sensor-42\"", "null", StringComparison.Ordinal), Json(type)));

    [Theory]
    [MemberData(nameof(Messages))]
    public void Members_of_later_versions_are_ignored(string type, string json) =>
        Assert.Equal(Sample(type), JsonSerializer.Deserialize(json.Replace("{\"event_id\"", "{\"new\":{\"a\":[1]},\"event_id\"", StringComparison.Ordinal), Json(type)));

    [Fact]
    public void A_boot_without_firmware_has_the_firmware_unknown()
    {
        var boot = JsonSerializer.Deserialize($$"""{"event_id":"{{Id}}","type":"boot",{{Common}},"zone_id":"z"}""", MessagesJsonContext.Default.DeviceBooted);

        Assert.Equal("unknown", boot!.Firmware);
    }

    [Theory]
    [InlineData(24.1)]
    [InlineData(-273.15)]
    [InlineData(0.1 + 0.2)]
    [InlineData(double.Epsilon)]
    public void A_reading_loses_nothing_on_the_way(double celsius)
    {
        var reading = (TelemetryRecorded)Sample(nameof(TelemetryRecorded)) with { Temperature = celsius };

        var json = JsonSerializer.Serialize(reading, MessagesJsonContext.Default.TelemetryRecorded);

        Assert.Equal(celsius, JsonSerializer.Deserialize(json, MessagesJsonContext.Default.TelemetryRecorded)!.Temperature);
    }

    private static SensorEvent Sample(string type) => type switch
    {
        nameof(DeviceBooted) => new DeviceBooted { EventId = Id, Timestamp = Time, DeviceId = "sensor-42", ZoneId = "warehouse-A", Firmware = "v1.0" },
        nameof(TelemetryRecorded) => new TelemetryRecorded
        {
            EventId = Id,
            Timestamp = Time,
            DeviceId = "sensor-42",
            ZoneId = "warehouse-A",
            Temperature = 24.5,
            Humidity = 45,
        },
        nameof(FirmwareUpdateStarted) => new FirmwareUpdateStarted { EventId = Id, Timestamp = Time, DeviceId = "sensor-42", UpdateTo = "v1.1" },
        _ => new AlertRaised { EventId = Id, Timestamp = Time, DeviceId = "sensor-42", ErrorCode = "OVERHEAT", Severity = "high" },
    };

    private static JsonTypeInfo Json(string type) => MessagesJsonContext.Default.GetTypeInfo(Sample(type).GetType())!;
}
