using IotBus.DevHost.CommandLine;
using IotBus.DevHost.Replay;

namespace IotBus.DevHost.Tests.Replay;

public sealed class ReadingParserTests
{
    private const string Header = "timestamp_ms,device_id,zone_id,temperature,humidity";

    [Fact]
    public void A_row_becomes_a_reading()
    {
        var (reading, error) = Parse(Header, "1458031648545,a-node-1,location-a,20.48,42.332");

        Assert.Null(error);
        Assert.Equal(
            new Reading(7, 3, "a-node-1", "location-a", 20.48, 42.332, DateTimeOffset.Parse("2016-03-15T08:47:28.545Z", null)),
            reading);
    }

    [Theory]
    [InlineData("2016-03-15T08:47:28Z")]
    [InlineData("2016-03-15T08:47:28")]
    [InlineData("2016-03-15 08:47:28")]
    [InlineData("2016-03-15T09:47:28+01:00")]
    public void A_timestamp_is_ISO_8601_and_UTC_unless_it_says_otherwise(string timestamp)
    {
        var (reading, error) = Parse("timestamp,device_id,zone_id,temperature,humidity", timestamp + ",d,z,1,2");

        Assert.Null(error);
        Assert.Equal(DateTimeOffset.Parse("2016-03-15T08:47:28Z", null), reading.Recorded);
    }

    [Theory]
    [InlineData("1458031648545,d,z,warm,2", "temperature is not a number: \"warm\"")]
    [InlineData("1458031648545,d,z,NaN,2", "temperature is not a number: \"NaN\"")]
    [InlineData("1458031648545,d,z,1,", "humidity is empty")]
    [InlineData("1458031648545,,z,1,2", "device_id is empty")]
    [InlineData("1458031648545,d, ,1,2", "zone_id is empty")]
    [InlineData("yesterday,d,z,1,2", "timestamp_ms is not a time: \"yesterday\"")]
    [InlineData("1e300,d,z,1,2", "timestamp_ms is not a time: \"1e300\"")]
    [InlineData("1458031648545,d,z", "it has 3 of 5 columns")]
    public void A_bad_row_says_what_is_wrong_with_it(string row, string expected)
    {
        Assert.Equal(expected, Parse(Header, row).Error);
    }

    [Fact]
    public void A_long_value_is_cut_in_the_message()
    {
        var (_, error) = Parse(Header, $"1458031648545,d,z,{new string('9', 400)}x,2");

        Assert.Equal($"temperature is not a number: \"{new string('9', 40)}…\"", error);
    }

    [Fact]
    public void Columns_and_constants_are_mapped()
    {
        var (reading, error) = Parse(
            "reading,mote_id,indoor,humidity,temperature,label", "1,4,0,43.82,30.21,0", "device_id=mote_id,zone_id=:hall-1");

        Assert.Null(error);
        Assert.Equal(new Reading(7, 3, "4", "hall-1", 30.21, 43.82, null), reading);
    }

    [Fact]
    public void Column_names_match_in_any_case()
    {
        Assert.Null(Parse("Timestamp_MS, Device_ID ,ZONE_ID,Temperature,humidity", "1458031648545,d,z,1,2").Error);
    }

    [Fact]
    public void A_mapped_time_wins_over_a_column_of_the_same_name()
    {
        var (reading, _) = Parse(
            Header + ",taken", "1458031648545,d,z,1,2,2020-01-01T00:00:00Z", "timestamp=taken");

        Assert.Equal(DateTimeOffset.Parse("2020-01-01T00:00:00Z", null), reading.Recorded);
    }

    [Fact]
    public void A_missing_column_is_named_with_those_that_are_there()
    {
        var e = Assert.Throws<UsageException>(() => Parse("reading,mote_id,humidity,temperature", "1,4,2,3"));

        Assert.Contains("no column device_id, zone_id. Its columns are: reading, mote_id, humidity, temperature.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("device=x", "--map does not know device; our columns are device_id, ")]
    [InlineData("device_id", "--map takes OURS=THEIRS pairs")]
    [InlineData("device_id=", "--map takes OURS=THEIRS pairs")]
    [InlineData("device_id=a,device_id=b", "--map names device_id twice.")]
    [InlineData("device_id=nowhere", "the file has no column nowhere.")]
    public void A_mapping_that_makes_no_sense_is_refused(string map, string expected)
    {
        var e = Assert.Throws<UsageException>(() => Parse(Header, "1,d,z,1,2", map));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    private static (Reading Reading, string? Error) Parse(string header, string row, string? map = null)
    {
        var columns = ColumnMap.Create(header.Split(','), ColumnMap.ParseMapping(map is null ? [] : [map]));
        var error = new ReadingParser(columns).Parse(new CsvRow(3, row.Split(',')), 7, out var reading);
        return (reading, error);
    }
}
