using System.Text;

namespace IotBus.Api.Tests.Rules;

/// <summary>A rule is a rule: what a single request may say, a line of a batch may say, and neither more nor less.</summary>
public sealed class RuleParityTests
{
    private readonly BothReaders _readers = new();

    [Fact]
    public void A_line_keeps_the_rules_of_a_single_request_on_seeded_random_objects()
    {
        var random = new RandomJson(seed: 20260504);
        var outcomes = (Valid: 0, Faulty: 0);

        for (var i = 0; i < 50_000; i++)
        {
            var type = random.Type();
            var json = random.Object(type);
            var utf8 = Encoding.UTF8.GetBytes(json);

            var single = _readers.Single(type, utf8);

            Assert.True(single == BothReaders.Line(type, utf8), $"{type} {json}\nsingle: {single}\nline:   {BothReaders.Line(type, utf8)}");
            Assert.False(single.IsMalformed, json);
            outcomes = single.Message is null ? (outcomes.Valid, outcomes.Faulty + 1) : (outcomes.Valid + 1, outcomes.Faulty);
        }

        // Otherwise the comparison would compare nothing.
        Assert.InRange(outcomes.Valid, 5_000, 45_000);
        Assert.InRange(outcomes.Faulty, 5_000, 45_000);
    }

    [Fact]
    public void A_hundred_thousand_mutated_bodies_crash_neither_reader_and_they_agree_on_each()
    {
        var random = new RandomJson(seed: 42);
        var malformed = 0;

        for (var i = 0; i < 100_000; i++)
        {
            var type = random.Type();
            var utf8 = random.Bytes(type);

            var single = _readers.Single(type, utf8);

            Assert.True(
                single == BothReaders.Line(type, utf8),
                $"{type} {Encoding.UTF8.GetString(utf8)} {Convert.ToHexString(utf8)}\nsingle: {single}\nline:   {BothReaders.Line(type, utf8)}");
            malformed += single.IsMalformed ? 1 : 0;
        }

        Assert.InRange(malformed, 20_000, 95_000);
    }

    [Theory]
    [InlineData("boot", """{"device_id":"d","zone_id":"z","device_id":"e"}""")]
    [InlineData("boot", """{"device_id":"d","zone_id":"z","device_id":null}""")]
    [InlineData("boot", """{"DEVICE_ID":"d","Zone_Id":"z"}""")]
    [InlineData("boot", """{"\ud800":1,"device_id":"d","zone_id":"z"}""")]
    [InlineData("boot", """{"x":"\ud800","device_id":"d","zone_id":"z"}""")]
    [InlineData("boot", """{"device_id":"d","zone_id":"z",}""")]
    [InlineData("boot", """{"device_id":"d" /* c */,"zone_id":"z"}""")]
    [InlineData("boot", """{"device_id":"d","zone_id":"z"} x""")]
    [InlineData("telemetry", """{"device_id":"d","zone_id":"z","temperature":01,"humidity":1}""")]
    [InlineData("telemetry", """{"device_id":"d","zone_id":"z","temperature":"1                                                                 ","humidity":1}""")]
    public void Both_readers_agree_on_the_fine_print(string type, string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);

        Assert.Equal(_readers.Single(type, utf8), BothReaders.Line(type, utf8));
    }
}
