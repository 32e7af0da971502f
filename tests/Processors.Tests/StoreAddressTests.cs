using IotBus.Processors.Store;

namespace IotBus.Processors.Tests;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("mongodb://db:27017", "mongodb://db:27017/?w=majority")]
    [InlineData("mongodb://db/", "mongodb://db/?w=majority")]
    [InlineData("mongodb://db/?replicaSet=rs0", "mongodb://db/?replicaSet=rs0&w=majority")]
    [InlineData("mongodb://user:secret@a,b/plant?w=majority&readPreference=primary", "mongodb://user:secret@a,b/plant?w=majority&readPreference=primary")]
    public void Writes_wait_for_a_majority(string given, string used) => Assert.Equal(used, StoreAddress.Checked(given));

    [Theory]
    [InlineData("mongodb://db/?w=1", "w=1")]
    [InlineData("mongodb://db/?replicaSet=rs0&readPreference=secondaryPreferred", "readPreference=secondaryPreferred")]
    public void An_option_that_breaks_the_guarantee_is_refused_by_name(string given, string named)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => StoreAddress.Checked(given));

        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void A_missing_address_says_what_to_set(string? given) =>
        Assert.Contains("MONGODB_URI", Assert.Throws<InvalidOperationException>(() => StoreAddress.Checked(given)).Message, StringComparison.Ordinal);
}
