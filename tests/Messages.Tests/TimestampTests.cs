using System.Text.Json;

namespace IotBus.Messages.Tests;

/// <summary>Times are UTC, whoever writes them.</summary>
public sealed class TimestampTests
{
    [Theory]
    [InlineData("2026-05-04T03:02:01Z", "2026-05-04T03:02:01.0000000+00:00")]
    [InlineData("2026-05-04T03:02:01", "2026-05-04T03:02:01.0000000+00:00")]
    [InlineData("2026-05-04T03:02:01.123456", "2026-05-04T03:02:01.1234560+00:00")]
    [InlineData("2026-05-04T03:02:01.1234567Z", "2026-05-04T03:02:01.1234567+00:00")]
    [InlineData("2026-05-04T03:02:01+02:00", "2026-05-04T01:02:01.0000000+00:00")]
    [InlineData("2026-05-04T03:02:01-05:30", "2026-05-04T08:32:01.0000000+00:00")]
    [InlineData("2026-05-04", "2026-05-04T00:00:00.0000000+00:00")]
    [InlineData("2026-05-04T03:02", "2026-05-04T03:02:00.0000000+00:00")]
    [InlineData("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00.0000000+00:00")]
    public void A_timestamp_is_UTC_unless_it_has_an_offset(string text, string utc)
    {
        Assert.True(UtcTimestampConverter.TryParse(text, out var parsed));

        Assert.Equal(utc, parsed.ToString("O"));
        Assert.Equal(parsed, Read($"\"{text}\""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("2026-05-04T25:00:00Z")]
    [InlineData("2026-05-04 03:02:01")]
    [InlineData("04/05/2026")]
    [InlineData("1777863721")]
    [InlineData("2026-05-04T03:02:01\u0000")]
    [InlineData("2026-05-04T03:02:01Z ")]
    [InlineData("２０２６-05-04")]
    [InlineData("2026-05-04\"")]
    [InlineData("2026-05-04\\u0000")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    public void What_is_no_timestamp_is_told_without_an_exception(string text) => Assert.False(UtcTimestampConverter.TryParse(text, out _));

    [Fact]
    public void A_timestamp_of_any_length_is_told_without_an_exception() => Assert.False(UtcTimestampConverter.TryParse(new string('2', 100_000), out _));

    [Theory]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"yesterday\"")]
    public void What_is_no_timestamp_in_a_message_makes_the_message_unreadable(string json) =>
        Assert.Throws<JsonException>(() => Read(json));

    [Fact]
    public void A_timestamp_is_written_in_UTC()
    {
        var message = new FirmwareUpdateStarted
        {
            EventId = Guid.NewGuid(),
            Timestamp = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.FromHours(2)),
            DeviceId = "d",
            UpdateTo = "2",
        };

        Assert.Contains("\"timestamp\":\"2026-05-04T01:02:01Z\"", JsonSerializer.Serialize(message, MessagesJsonContext.Default.FirmwareUpdateStarted), StringComparison.Ordinal);
    }

    private static DateTimeOffset Read(string json) => JsonSerializer.Deserialize(
        $$"""{"event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f","timestamp":{{json}},"device_id":"d","update_to":"2"}""",
        MessagesJsonContext.Default.FirmwareUpdateStarted)!.Timestamp;
}
