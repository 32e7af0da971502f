namespace IotBus.MongoDb.Tests.Server;

[Collection(StoreSuite.Name)]
public sealed class CollectionTests(StoreFixture store)
{
    private static readonly CreateCollectionOptions Series = new()
    {
        TimeSeries = new TimeSeriesOptions("timestamp", "meta", "seconds"),
        ExpireAfter = TimeSpan.FromDays(30),
    };

    [Fact]
    public async Task A_collection_is_made_once_by_any_number_of_processes()
    {
        var database = store.NewDatabase();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.EnsureCollectionAsync("series", Series)));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            database.EnsureCollectionAsync("rollups", new CreateCollectionOptions { Compressor = "zstd" })));

        var names = await database.ListCollectionNamesAsync();
        Assert.Contains("series", names);
        Assert.Contains("rollups", names);
    }

    [Fact]
    public async Task One_that_exists_is_refused_when_it_shall_be_new()
    {
        var database = store.NewDatabase();
        await database.CreateCollectionAsync("things");

        var error = await Assert.ThrowsAsync<MongoException>(() => database.CreateCollectionAsync("things"));

        Assert.Equal(48, error.Code);
    }

    [Fact]
    public async Task One_that_exists_as_another_kind_is_refused()
    {
        var database = store.NewDatabase();
        await database.CreateCollectionAsync("things");
        await database.CreateCollectionAsync("series", Series);

        var error = await Assert.ThrowsAsync<MongoException>(() => database.EnsureCollectionAsync("things", Series));
        Assert.Contains("time series", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MongoException>(() => database.EnsureCollectionAsync("series"));
    }

    [Fact]
    public async Task Options_that_the_server_does_not_know_are_refused()
    {
        var database = store.NewDatabase();
        var options = new CreateCollectionOptions { TimeSeries = new TimeSeriesOptions("timestamp", "meta", "fortnights") };

        var error = await Assert.ThrowsAsync<MongoException>(() => database.CreateCollectionAsync("series", options));

        Assert.Equal(2, error.Code);
    }

    [Fact]
    public async Task Indexes_are_made_once_by_any_number_of_processes()
    {
        var database = store.NewDatabase();
        IndexModel[] indexes =
        [
            new(Bson.Document(("zone", 1), ("at", -1))),
            new(Bson.Document(("at", 1))) { Name = "expiry", ExpireAfter = TimeSpan.FromHours(48) },
            new(Bson.Document(("serial", 1))) { Unique = true, PartialFilter = Bson.Document(("serial", Bson.Document(("$exists", true)))) },
        ];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.EnsureIndexesAsync("things", indexes)));

        var reply = await database.RunCommandAsync(Bson.Document(("listIndexes", "things")));
        var names = reply.GetDocument("cursor"u8).GetDocuments("firstBatch"u8).Select(i => i.GetString("name"u8));
        Assert.Equal(["_id_", "expiry", "serial_1", "zone_1_at_-1"], names.Order(StringComparer.Ordinal));
        await database.EnsureIndexesAsync("things", []);
    }

    [Fact]
    public async Task A_unique_index_refuses_the_second_of_a_key()
    {
        var database = store.NewDatabase();
        await database.EnsureIndexesAsync("things", [new IndexModel(Bson.Document(("serial", 1))) { Unique = true }]);
        var things = database.GetCollection("things");
        await things.InsertOneAsync(Bson.Document(("_id", 1), ("serial", "a")));

        var error = await Assert.ThrowsAsync<MongoBulkWriteException>(() => things.InsertOneAsync(Bson.Document(("_id", 2), ("serial", "a"))));

        Assert.Equal("""{"serial":"a"}""", Assert.Single(error.Errors).KeyValue!.Value.ToJson());
    }

    [Fact]
    public async Task An_index_of_the_same_name_with_other_options_is_refused()
    {
        var database = store.NewDatabase();
        await database.EnsureIndexesAsync("things", [new IndexModel(Bson.Document(("at", 1)))]);

        var error = await Assert.ThrowsAsync<MongoException>(() =>
            database.EnsureIndexesAsync("things", [new IndexModel(Bson.Document(("at", 1))) { Unique = true }]));

        Assert.Contains(error.Code, new[] { 85, 86 });
    }

    [Fact]
    public async Task A_time_series_takes_inserts_and_has_no_unique_index()
    {
        var database = store.NewDatabase();
        await database.CreateCollectionAsync("series", Series);
        var series = database.GetCollection("series");

        await series.InsertOneAsync(Reading(1));

        Assert.Equal(1, await series.CountAsync(Bson.Document(("meta.device", "d1"))));
        await Assert.ThrowsAsync<MongoException>(() =>
            database.EnsureIndexesAsync("series", [new IndexModel(Bson.Document(("timestamp", 1))) { Unique = true }]));
    }

    [Fact]
    public async Task A_time_series_refuses_writes_in_a_transaction()
    {
        var database = store.NewDatabase();
        await database.CreateCollectionAsync("series", Series);

        var error = await Assert.ThrowsAsync<MongoException>(() => store.Client.WithTransactionAsync(async (session, token) =>
        {
            await database.GetCollection("series").InsertOneAsync(Reading(1), session, token);
            return true;
        }));

        Assert.Equal(263, error.Code);
        Assert.Equal(0, await database.GetCollection("series").CountAsync(BsonDocument.Empty));
    }

    [Fact]
    public async Task A_reading_without_its_time_is_refused()
    {
        var database = store.NewDatabase();
        await database.CreateCollectionAsync("series", Series);

        await Assert.ThrowsAnyAsync<MongoException>(() => database.GetCollection("series").InsertOneAsync(Bson.Document(("_id", 1))));
    }

    [Fact]
    public async Task What_is_removed_is_gone_and_may_be_removed_again()
    {
        var database = store.NewDatabase();
        await database.CreateCollectionAsync("things");

        await database.DropCollectionAsync("things");
        await database.DropCollectionAsync("things");
        Assert.DoesNotContain("things", await database.ListCollectionNamesAsync());

        await database.DropAsync();
        await database.DropAsync();
    }

    private static BsonDocument Reading(int id) => Bson.Document(
        ("_id", id), ("timestamp", DateTimeOffset.UtcNow), ("meta", Bson.Document(("device", "d1"), ("type", "telemetry"))), ("temperature", 20.5));
}
