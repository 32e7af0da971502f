using IotBus.DevHost.Replay;

namespace IotBus.DevHost.Tests.Replay;

public sealed class EventIdsTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData(1, "62693d0d-cee7-53f5-b490-674b494a00cc")]
    [InlineData(273_145, "b2d2f001-e6e9-53b1-aaf9-4b0c5eceb6b3")]
    public void A_row_has_the_version_5_UUID_of_the_content_and_its_number(long row, string expected)
    {
        // As Python's uuid.uuid5 makes them.
        Assert.Equal(new Guid(expected), new EventIds(Hash).For(row));
    }

    [Fact]
    public void Another_content_has_other_identifiers()
    {
        Assert.NotEqual(new EventIds(Hash).For(1), new EventIds(new string('0', 64)).For(1));
    }
}
