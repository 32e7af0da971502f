namespace IotBus.Messages.Tests;

/// <summary>The bounds that every event keeps, whoever produced it.</summary>
public sealed class EventRuleTests
{
    private static readonly DateTimeOffset Received = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private static readonly TelemetryRecorded Reading = new()
    {
        EventId = Guid.NewGuid(),
        Timestamp = Received,
        DeviceId = "d",
        ZoneId = "z",
        Temperature = 20,
        Humidity = 50,
    };

    [Theory]
    [InlineData("a", true)]
    [InlineData("aZ0._:-", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    public void An_identifier_is_letters_digits_and_four_signs(string text, bool valid) => Assert.Equal(valid, EventRules.IsIdentifier(text));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void An_identifier_has_at_most_128_characters(int length, bool valid) => Assert.Equal(valid, EventRules.IsIdentifier(new string('a', length)));

    [Theory]
    [InlineData(-273.15, true)]
    [InlineData(2_000, true)]
    [InlineData(-273.16, false)]
    [InlineData(2_000.1, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void A_temperature_lies_between_absolute_zero_and_2000_degrees(double celsius, bool valid)
    {
        Assert.Equal(valid, EventRules.IsTemperature(celsius));
        Assert.Equal(valid, EventRules.Violation(Reading with { Temperature = celsius }, Received) is null);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(100, true)]
    [InlineData(-0.1, false)]
    [InlineData(100.1, false)]
    [InlineData(double.NaN, false)]
    public void A_humidity_lies_between_0_and_100_percent(double percent, bool valid)
    {
        Assert.Equal(valid, EventRules.IsHumidity(percent));
        Assert.Equal(valid, EventRules.Violation(Reading with { Humidity = percent }, Received) is null);
    }

    [Fact]
    public void An_event_may_be_24_hours_ahead_and_any_time_past()
    {
        Assert.Null(EventRules.Violation(Reading with { Timestamp = Received.AddHours(24) }, Received));
        Assert.Null(EventRules.Violation(Reading with { Timestamp = DateTimeOffset.MinValue }, Received));
        Assert.Equal("timestamp is more than 24 h ahead", EventRules.Violation(Reading with { Timestamp = Received.AddHours(24).AddTicks(1) }, Received));
    }

    [Fact]
    public void The_rule_that_an_event_breaks_is_named_with_its_member()
    {
        Assert.StartsWith("device_id ", EventRules.Violation(Reading with { DeviceId = "" }, Received), StringComparison.Ordinal);
        Assert.StartsWith("zone_id ", EventRules.Violation(Reading with { ZoneId = "a b" }, Received), StringComparison.Ordinal);
        Assert.StartsWith("severity ", EventRules.Violation(Alert("urgent"), Received), StringComparison.Ordinal);
        Assert.Null(EventRules.Violation(Alert("low"), Received));
    }

    private static AlertRaised Alert(string severity) =>
        new() { EventId = Guid.NewGuid(), Timestamp = Received, DeviceId = "d", ErrorCode = "E", Severity = severity };
}
