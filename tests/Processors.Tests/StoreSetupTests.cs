using IotBus.MongoDb;
using IotBus.Processors.Store;
using IotBus.Testing;

namespace IotBus.Processors.Tests;

public sealed class StoreSetupTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task Any_number_of_replicas_may_set_up_at_once()
    {
        var store = await fixture.CreateAsync();
        await store.Database.DropAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Setup().SetUpAsync(CancellationToken.None)));

        var names = await store.Database.ListCollectionNamesAsync();
        Assert.Superset(
            new HashSet<string> { Collections.SensorData, Collections.Progress, Collections.Inbox, Collections.Rollups, Collections.Devices },
            names.ToHashSet());
    }

    [Fact]
    public async Task Another_inbox_retention_changes_the_index_that_is_there()
    {
        var store = await fixture.CreateAsync();
        store.Processing.InboxRetention = TimeSpan.FromHours(5);

        await store.Setup().SetUpAsync(CancellationToken.None);

        var indexes = await store.Database.RunCommandAsync(Bson.Document(("listIndexes", Collections.Inbox)));
        var expiry = indexes.GetDocument("cursor"u8).GetDocuments("firstBatch"u8).Single(index => index.GetString("name"u8) == "at_1");
        Assert.Equal(5 * 3_600, expiry.GetInt64("expireAfterSeconds"u8));
    }

    [Fact]
    public async Task Another_series_retention_changes_the_collection_that_is_there()
    {
        var store = await fixture.CreateAsync();
        store.Processing.SeriesRetention = TimeSpan.FromDays(7);

        await store.Setup().SetUpAsync(CancellationToken.None);

        Assert.Equal(7 * 86_400, await SeriesRetentionAsync(store));
    }

    [FailPointFact]
    public async Task Only_another_series_retention_needs_the_right_to_change_a_collection()
    {
        const int unauthorized = 13;
        var store = await fixture.CreateAsync();
        await fixture.FailAsync(1, "collMod", ("errorCode", unauthorized));

        await store.Setup().SetUpAsync(CancellationToken.None);

        store.Processing.SeriesRetention = TimeSpan.FromDays(7);
        var refusal = await Assert.ThrowsAsync<MongoException>(() => store.Setup().SetUpAsync(CancellationToken.None));
        Assert.Equal(unauthorized, refusal.Code);
        Assert.Equal(30 * 86_400, await SeriesRetentionAsync(store));
    }

    [FailPointFact]
    public async Task A_collection_of_which_an_index_is_being_built_is_waited_for()
    {
        const int indexBuildInProgress = 12_587;
        var store = await fixture.CreateAsync();
        store.Processing.SeriesRetention = TimeSpan.FromDays(7);
        await fixture.FailAsync(2, "collMod", ("errorCode", indexBuildInProgress));
        using var setup = store.Setup();

        await setup.StartAsync(CancellationToken.None);
        await setup.Ready.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(7 * 86_400, await SeriesRetentionAsync(store));
    }

    [Fact]
    public async Task The_series_is_a_time_series_that_expires_and_the_rollups_are_compressed()
    {
        var store = await fixture.CreateAsync();

        var reply = await store.Database.RunCommandAsync(Bson.Document(("listCollections", 1)));

        var collections = reply.GetDocument("cursor"u8).GetDocuments("firstBatch"u8).ToDictionary(found => found.GetString("name"u8));
        var series = collections[Collections.SensorData].GetDocument("options"u8);
        Assert.Equal("timestamp", series.GetDocument("timeseries"u8).GetString("timeField"u8));
        Assert.Equal("meta", series.GetDocument("timeseries"u8).GetString("metaField"u8));
        Assert.Equal(2_592_000, series.GetInt64("expireAfterSeconds"u8));
        Assert.Contains("zstd", collections[Collections.Rollups].GetDocument("options"u8).ToJson(), StringComparison.Ordinal);
    }

    private static async Task<long> SeriesRetentionAsync(TestStore store)
    {
        var reply = await store.Database.RunCommandAsync(Bson.Document(("listCollections", 1), ("filter", Bson.Document(("name", Collections.SensorData)))));
        return reply.GetDocument("cursor"u8).GetDocuments("firstBatch"u8).Single().GetDocument("options"u8).GetInt64("expireAfterSeconds"u8);
    }
}
