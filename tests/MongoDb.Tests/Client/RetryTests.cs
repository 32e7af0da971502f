using System.Diagnostics;
using IotBus.MongoDb.Tests.Wire;

namespace IotBus.MongoDb.Tests.Client;

/// <summary>Second attempts, as MongoDB's specifications of retryable reads and writes ask for them.</summary>
public sealed class RetryTests
{
    private static readonly BsonDocument Filter = Bson.Document(("_id", 1));
    private static readonly BsonDocument Change = Bson.Document(("$set", Bson.Document(("a", 1))));

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_sent_again_with_its_number()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => ScriptedServer.Ok(("n", 1)));
        server.OnNext("insert", [null]);
        await using var client = server.Connect();

        await Collection(client).InsertOneAsync(Filter);

        var inserts = server.Received("insert");
        Assert.Equal(2, inserts.Count);
        Assert.Equal(inserts[0].GetInt64("txnNumber"u8), inserts[1].GetInt64("txnNumber"u8));
        Assert.Equal(inserts[0]["lsid"u8].ToString(), inserts[1]["lsid"u8].ToString());
    }

    [Fact]
    public async Task A_write_that_met_a_server_that_is_no_primary_any_more_is_sent_again()
    {
        await using var server = new ScriptedServer();
        server.On("update", _ => ScriptedServer.Ok(("n", 1), ("nModified", 1)));
        server.OnNext("update", ScriptedServer.Error(10107, "NotWritablePrimary"));
        await using var client = server.Connect();

        var result = await Collection(client).UpdateOneAsync(Filter, Change);

        Assert.Equal(1, result.Modified);
        Assert.Equal(2, server.Received("update").Count);
    }

    [Fact]
    public async Task A_write_whose_confirmation_failed_because_the_primary_shut_down_is_sent_again()
    {
        var notConfirmed = ScriptedServer.Ok(
            ("n", 1), ("writeConcernError", Bson.Document(("code", 91), ("codeName", "ShutdownInProgress"), ("errmsg", "shutting down"))));
        await using var server = new ScriptedServer();
        server.On("insert", _ => ScriptedServer.Ok(("n", 1)));
        server.OnNext("insert", notConfirmed);
        await using var client = server.Connect();

        await Collection(client).InsertOneAsync(Filter);

        Assert.Equal(2, server.Received("insert").Count);
    }

    [Fact]
    public async Task A_write_is_sent_twice_and_not_more()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => null);
        await using var client = server.Connect();

        var error = await Assert.ThrowsAsync<MongoException>(() => Collection(client).InsertOneAsync(Filter));

        Assert.Equal(MongoFailure.Network, error.Failure);
        Assert.True(error.IsTransient);
        Assert.Equal(2, server.Received("insert").Count);
    }

    [Fact]
    public async Task A_write_that_the_server_refuses_is_not_sent_again()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => ScriptedServer.Error(13, "Unauthorized"));
        await using var client = server.Connect();

        await Assert.ThrowsAsync<MongoException>(() => Collection(client).InsertOneAsync(Filter));

        Assert.Single(server.Received("insert"));
    }

    [Fact]
    public async Task A_write_that_was_given_up_is_not_sent_again()
    {
        await using var server = new ScriptedServer();
        var givenUp = new TaskCompletionSource();
        var otherwise = server.Answer;
        server.Answer = async command =>
        {
            if (command.First().Name != "insert")
                return await otherwise(command);

            await givenUp.Task;
            return null;
        };
        await using var client = server.Connect(o => o with { MaxConnections = 1 });
        using var cancel = new CancellationTokenSource();
        var insert = Collection(client).InsertOneAsync(Filter, session: null, cancel.Token);
        await Testing.Eventually.TrueAsync(() => server.Received("insert").Count == 1);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => insert);
        givenUp.SetResult();

        // The one lane comes to it after it has ended with the insert.
        await client.PingAsync();
        Assert.Single(server.Received("insert"));
    }

    [Fact]
    public async Task A_write_whose_time_has_passed_is_not_sent_again()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();
        await client.PingAsync();
        var timeout = TimeSpan.FromSeconds(2);
        var started = Stopwatch.GetTimestamp();
        var otherwise = server.Answer;
        server.Answer = async command =>
        {
            if (command.First().Name != "insert")
                return await otherwise(command);

            await Testing.Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(started) > timeout * 2);
            return null;
        };
        using var batch = new BsonBatch();
        batch.Add(Filter);

        var error = await Assert.ThrowsAsync<MongoException>(
            () => Collection(client).InsertManyAsync(batch, new WriteOptions { ClientTimeout = timeout }));

        Assert.Equal(MongoFailure.Network, error.Failure);
        Assert.Single(server.Received("insert"));
    }

    [Fact]
    public async Task A_write_for_which_there_is_no_time_left_is_not_sent_at_all()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();
        using var batch = new BsonBatch();
        batch.Add(Filter);

        var error = await Assert.ThrowsAsync<MongoException>(
            () => Collection(client).InsertManyAsync(batch, new WriteOptions { ClientTimeout = TimeSpan.Zero }));

        Assert.Equal(MongoFailure.Timeout, error.Failure);
        Assert.True(error.IsTransient);
        Assert.Empty(server.Received("insert"));
    }

    [Fact]
    public async Task A_write_within_its_time_is_sent_again()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => ScriptedServer.Ok(("n", 1)));
        server.OnNext("insert", [null]);
        await using var client = server.Connect();
        using var batch = new BsonBatch();
        batch.Add(Filter);

        await Collection(client).InsertManyAsync(batch, new WriteOptions { ClientTimeout = TimeSpan.FromMinutes(1) });

        Assert.Equal(2, server.Received("insert").Count);
    }

    [Fact]
    public async Task Statements_that_touch_many_documents_are_sent_once_and_without_a_number()
    {
        await using var server = new ScriptedServer();
        server.On("update", _ => null);
        server.On("delete", _ => null);
        await using var client = server.Connect();

        await Assert.ThrowsAsync<MongoException>(() => Collection(client).UpdateManyAsync(Filter, Change));
        await Assert.ThrowsAsync<MongoException>(() => Collection(client).DeleteManyAsync(Filter));

        Assert.False(Assert.Single(server.Received("update")).Contains("txnNumber"u8));
        Assert.False(Assert.Single(server.Received("delete")).Contains("txnNumber"u8));
    }

    [Fact]
    public async Task Without_retryWrites_in_the_URI_a_write_is_sent_once_and_without_a_number()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => null);
        await using var client = server.Connect(o => o with { Uri = o.Uri + "&retryWrites=false" });

        await Assert.ThrowsAsync<MongoException>(() => Collection(client).InsertOneAsync(Filter));

        Assert.False(Assert.Single(server.Received("insert")).Contains("txnNumber"u8));
    }

    [Fact]
    public async Task A_server_that_is_no_member_of_a_replica_set_gets_writes_without_a_number()
    {
        await using var server = new ScriptedServer { IsStandalone = true };
        await using var client = server.Connect();

        await Collection(client).InsertOneAsync(Filter);

        Assert.False(Assert.Single(server.Received("insert")).Contains("txnNumber"u8));
    }

    [Fact]
    public async Task The_numbers_of_a_session_rise()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => ScriptedServer.Ok(("n", 1)));
        await using var client = server.Connect(o => o with { MaxConnections = 1 });

        await Collection(client).InsertOneAsync(Filter);
        await Collection(client).InsertOneAsync(Filter);
        await Collection(client).FindOneAndUpdateAsync(Filter, Change);

        var numbers = server.Commands.Select(c => c.GetInt64("txnNumber"u8)).ToArray();
        Assert.Equal([numbers[0], numbers[0] + 1, numbers[0] + 2], numbers);
        Assert.Single(server.Commands.Select(c => c["lsid"u8].ToString()).Distinct());
    }

    [Fact]
    public async Task A_change_that_returns_the_document_is_sent_again_with_its_one_number()
    {
        await using var server = new ScriptedServer();
        server.On("findAndModify", _ => ScriptedServer.Ok(("value", Filter)));
        server.OnNext("findAndModify", [null]);
        await using var client = server.Connect();

        var document = await Collection(client).FindOneAndUpdateAsync(Filter, Change);

        Assert.Equal(1, document!.Value.GetInt32("_id"u8));
        Assert.Equal(2, server.Received("findAndModify").Count);
        Assert.All(server.Received("findAndModify"), c => Assert.Single(c, e => e.Name == "txnNumber"));
    }

    [Fact]
    public async Task The_first_error_is_told_when_no_server_is_found_for_the_second_attempt()
    {
        var server = new ScriptedServer();
        await using var client = server.Connect(o => o with { ServerSelectionTimeout = TimeSpan.FromSeconds(2) });
        server.Answer = async _ =>
        {
            await server.StopListeningAsync();
            return null;
        };

        var error = await Assert.ThrowsAsync<MongoException>(() => Collection(client).InsertOneAsync(Filter));

        Assert.Equal(MongoFailure.Network, error.Failure);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_read_whose_answer_was_lost_is_sent_again()
    {
        await using var server = new ScriptedServer();
        server.On("find", _ => ScriptedServer.Ok(("cursor", Bson.Document(("id", 0L), ("firstBatch", Bson.Array(Filter))))));
        server.OnNext("find", [null]);
        await using var client = server.Connect();

        Assert.Single(await Collection(client).FindAsync(Filter));

        Assert.Equal(2, server.Received("find").Count);
    }

    [Fact]
    public async Task A_pipeline_that_writes_is_sent_once()
    {
        await using var server = new ScriptedServer();
        server.On("aggregate", _ => null);
        await using var client = server.Connect();

        await Assert.ThrowsAsync<MongoException>(() => Collection(client).AggregateAsync([Bson.Document(("$out", "copy"))]));

        Assert.Single(server.Received("aggregate"));
    }

    [Fact]
    public async Task A_command_of_the_callers_own_is_sent_once()
    {
        await using var server = new ScriptedServer();
        server.On("ping", _ => null);
        await using var client = server.Connect();

        await Assert.ThrowsAsync<MongoException>(() => client.PingAsync());

        Assert.Single(server.Received("ping"));
    }

    private static MongoCollection Collection(MongoClient client) => client.GetDatabase("tests").GetCollection("things");
}
