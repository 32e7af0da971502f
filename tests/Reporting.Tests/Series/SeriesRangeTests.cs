using System.Globalization;
using IotBus.Reporting.Parameters;
using IotBus.Reporting.Series;
using IotBus.Reporting.Tests.Fleet;
using IotBus.Reporting.Tests.Service;

namespace IotBus.Reporting.Tests.Series;

public sealed class SeriesRangeTests
{
    [Theory]
    [InlineData("2026-05-04T03:02:01Z", "1h", "2026-05-04T03:00:00Z")]
    [InlineData("2026-05-04T03:00:00Z", "1h", "2026-05-04T03:00:00Z")]
    [InlineData("2026-05-04T03:02:01.5Z", "10s", "2026-05-04T03:02:00Z")]
    [InlineData("1969-12-31T23:59:59Z", "1m", "1969-12-31T23:59:00Z")]
    [InlineData("1969-12-31T23:59:00Z", "1m", "1969-12-31T23:59:00Z")]
    [InlineData("1970-01-01T00:00:00Z", "7d", "1970-01-01T00:00:00Z")]
    public void The_first_bucket_starts_at_or_before_the_range(string from, string bucket, string first)
    {
        var to = FleetEvent.Utc(from).AddMinutes(1).ToString("O", CultureInfo.InvariantCulture);

        var range = SeriesRange.Read(from, to, bucket, new ParameterErrors(), TimeProvider.System);

        Assert.Equal(FleetEvent.Utc(first), range!.FirstBucket);
    }

    [Theory]
    [InlineData("2026-05-04T03:00:00Z", "2026-05-04T03:05:00Z", 1)]
    [InlineData("2026-05-04T03:00:00Z", "2026-05-04T03:05:01Z", 10)]
    [InlineData("2026-05-04", "2026-05-05", 300)]
    [InlineData("2026-05-01", "2026-05-03", 900)]
    [InlineData("2026-05-01", "2026-06-01", 21600)]
    public void A_width_that_is_left_open_makes_at_most_300_buckets(string from, string to, int seconds)
    {
        var range = SeriesRange.Read(from, to, bucket: null, new ParameterErrors(), TimeProvider.System);

        Assert.Equal(TimeSpan.FromSeconds(seconds), range!.Bucket);
    }

    [Fact]
    public void Without_parameters_the_range_is_the_24_hours_before_now()
    {
        var range = SeriesRange.Read(null, null, null, new ParameterErrors(), new StandingTime(PlantFleet.Now));

        Assert.Equal(new SeriesRange(PlantFleet.Now.AddHours(-24), PlantFleet.Now, TimeSpan.FromMinutes(5)), range);
    }
}
