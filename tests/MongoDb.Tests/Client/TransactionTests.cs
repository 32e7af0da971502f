using IotBus.MongoDb.Tests.Wire;

namespace IotBus.MongoDb.Tests.Client;

/// <summary>What a transaction sends, and what becomes of it when the server fails in the middle.</summary>
public sealed class TransactionTests
{
    private static readonly BsonDocument Document = Bson.Document(("_id", 1));
    private static readonly BsonDocument Conflict = ScriptedServer.Error(112, "WriteConflict", MongoLabels.TransientTransaction);
    private static readonly BsonDocument NoSuchTransaction = ScriptedServer.Error(251, "NoSuchTransaction", MongoLabels.TransientTransaction);

    [Fact]
    public async Task It_starts_with_its_first_operation_and_commits_with_the_majority()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();

        var bodies = await RunAsync(client);

        Assert.Equal(1, bodies);
        var commands = server.Commands.ToArray();
        Assert.Equal(["insert", "insert", "commitTransaction"], commands.Select(c => c.First().Name));
        Assert.True(commands[0].GetBoolean("startTransaction"u8));
        Assert.False(commands[0].GetBoolean("autocommit"u8));
        Assert.Equal("snapshot", commands[0].GetDocument("readConcern"u8).GetString("level"u8));
        Assert.False(commands[1].Contains("startTransaction"u8));
        Assert.Equal("majority", commands[2].GetDocument("writeConcern"u8).GetString("w"u8));
        Assert.Single(commands.Select(c => $"{c["lsid"u8]} {c["txnNumber"u8]}").Distinct());
    }

    [Fact]
    public async Task The_next_one_in_the_session_has_a_number_of_its_own()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();
        await using var session = await client.StartSessionAsync();

        await session.WithTransactionAsync((s, token) => InsertAsync(client, s, token));
        await session.WithTransactionAsync((s, token) => InsertAsync(client, s, token));

        var inserts = server.Received("insert");
        Assert.Equal(inserts[0]["lsid"u8].ToString(), inserts[1]["lsid"u8].ToString());
        Assert.NotEqual(inserts[0].GetInt64("txnNumber"u8), inserts[1].GetInt64("txnNumber"u8));
    }

    [Fact]
    public async Task The_body_runs_again_after_a_conflict()
    {
        await using var server = new ScriptedServer();
        server.OnNext("insert", Conflict);
        await using var client = server.Connect();

        var bodies = await RunAsync(client);

        Assert.Equal(2, bodies);
        Assert.Single(server.Received("abortTransaction"));
        Assert.Single(server.Received("commitTransaction"));
    }

    [Fact]
    public async Task The_body_runs_again_after_a_lost_connection()
    {
        await using var server = new ScriptedServer();
        server.OnNext("insert", [null]);
        await using var client = server.Connect();

        Assert.Equal(2, await RunAsync(client));
    }

    [Fact]
    public async Task The_body_runs_again_after_a_commit_that_was_refused_for_good()
    {
        await using var server = new ScriptedServer();
        server.OnNext("commitTransaction", NoSuchTransaction);
        await using var client = server.Connect();

        Assert.Equal(2, await RunAsync(client));
    }

    [Fact]
    public async Task The_commit_alone_is_sent_again_when_its_answer_was_lost()
    {
        await using var server = new ScriptedServer();
        server.OnNext("commitTransaction", null, null, null);
        await using var client = server.Connect();

        var bodies = await RunAsync(client);

        Assert.Equal(1, bodies);
        var commits = server.Received("commitTransaction");
        Assert.Equal(4, commits.Count);
        Assert.Single(commits.Select(c => c["txnNumber"u8].ToString()).Distinct());
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Whether_the_body_runs_again_after_an_unknown_commit_is_for_the_caller_to_say(bool again, int expectedBodies)
    {
        await using var server = new ScriptedServer();
        server.OnNext("commitTransaction", null, null, NoSuchTransaction);
        await using var client = server.Connect();
        var bodies = 0;

        var run = client.WithTransactionAsync(
            (session, token) =>
            {
                bodies++;
                return InsertAsync(client, session, token);
            },
            new TransactionOptions { RunAgainAfterUnknownCommit = again });

        if (again)
        {
            await run;
        }
        else
        {
            var error = await Assert.ThrowsAsync<MongoException>(() => run);
            Assert.True(error.HasLabel(MongoLabels.UnknownCommitResult));
            Assert.False(error.HasLabel(MongoLabels.TransientTransaction));
            Assert.Equal(251, error.Code);
        }

        Assert.Equal(expectedBodies, bodies);
    }

    [Fact]
    public async Task A_commit_that_is_refused_without_a_label_is_the_callers()
    {
        await using var server = new ScriptedServer();
        server.OnNext("commitTransaction", ScriptedServer.Error(20, "IllegalOperation"));
        await using var client = server.Connect();

        var error = await Assert.ThrowsAsync<MongoException>(() => RunAsync(client));

        Assert.Equal(20, error.Code);
        Assert.Single(server.Received("commitTransaction"));
    }

    [Fact]
    public async Task When_the_time_is_up_the_last_error_is_the_callers()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => Conflict);
        await using var client = server.Connect();

        var error = await Assert.ThrowsAsync<MongoException>(() => RunAsync(client, new TransactionOptions { TimeLimit = TimeSpan.Zero }));

        Assert.Equal(112, error.Code);
        Assert.True(error.IsTransient);
        Assert.Single(server.Received("insert"));
        Assert.Single(server.Received("abortTransaction"));
    }

    [Fact]
    public async Task When_the_time_is_up_an_unknown_commit_is_the_callers()
    {
        await using var server = new ScriptedServer();
        server.On("commitTransaction", _ => null);
        await using var client = server.Connect();

        var error = await Assert.ThrowsAsync<MongoException>(() => RunAsync(client, new TransactionOptions { TimeLimit = TimeSpan.Zero }));

        Assert.True(error.HasLabel(MongoLabels.UnknownCommitResult));
    }

    [Fact]
    public async Task A_commit_that_takes_too_long_is_unknown()
    {
        await using var server = new ScriptedServer();
        var gate = new TaskCompletionSource<BsonDocument?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var otherwise = server.Answer;
        server.Answer = c => c.Contains("commitTransaction"u8) ? gate.Task : otherwise(c);
        await using var client = server.Connect(o => o with { OperationTimeout = TimeSpan.FromSeconds(2) });
        await using var session = await client.StartSessionAsync();
        session.StartTransaction();
        await InsertAsync(client, session, CancellationToken.None);

        var error = await Assert.ThrowsAsync<MongoException>(() => session.CommitTransactionAsync());

        Assert.Equal(MongoFailure.Timeout, error.Failure);
        Assert.True(error.HasLabel(MongoLabels.UnknownCommitResult));
        gate.SetResult(ScriptedServer.Ok());
        await Testing.Eventually.PassesAsync(() => session.CommitTransactionAsync());
    }

    [Fact]
    public async Task An_exception_of_the_body_aborts_it()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();

        await Assert.ThrowsAsync<FormatException>(() => client.WithTransactionAsync<bool>(async (session, token) =>
        {
            await InsertAsync(client, session, token);
            throw new FormatException("the body's own");
        }));

        Assert.Equal(["insert", "abortTransaction"], server.Commands.Select(c => c.First().Name));
    }

    [Fact]
    public async Task One_that_is_cancelled_does_not_wait_for_the_server()
    {
        await using var server = new ScriptedServer();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var otherwise = server.Answer;
        server.Answer = async c =>
        {
            if (c.Contains("insert"u8))
                await gate.Task;

            return await otherwise(c);
        };
        await using var client = server.Connect();
        using var cancel = new CancellationTokenSource();
        var running = client.WithTransactionAsync((session, token) => InsertAsync(client, session, token), options: null, cancel.Token);
        await Testing.Eventually.TrueAsync(() => server.Received("insert").Count == 1);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(server.Received("abortTransaction"));
        gate.SetResult();

        await Testing.Eventually.TrueAsync(() => server.Received("abortTransaction").Count == 1);
    }

    [Fact]
    public async Task None_starts_in_a_session_whose_last_call_was_given_up_and_still_runs()
    {
        await using var server = new ScriptedServer();
        var gate = new TaskCompletionSource<BsonDocument?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var otherwise = server.Answer;
        server.Answer = _ => gate.Task;
        await using var client = server.Connect();
        await using var session = await client.StartSessionAsync();
        using var cancel = new CancellationTokenSource();
        var running = InsertAsync(client, session, cancel.Token);
        await Testing.Eventually.TrueAsync(() => server.Commands.Count == 1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Throws<InvalidOperationException>(session.StartTransaction);

        server.Answer = otherwise;
        gate.SetResult(ScriptedServer.Ok());
        await InsertAsync(client, session, CancellationToken.None);
        session.StartTransaction();
    }

    [Fact]
    public async Task A_body_may_abort_and_return()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();

        await client.WithTransactionAsync(async (session, token) =>
        {
            await InsertAsync(client, session, token);
            await session.AbortTransactionAsync(token);
            return true;
        });

        Assert.Empty(server.Received("commitTransaction"));
    }

    [Fact]
    public async Task One_without_operations_asks_the_server_nothing()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();

        await client.WithTransactionAsync((_, _) => Task.FromResult(true));
        await Assert.ThrowsAsync<FormatException>(() => client.WithTransactionAsync<bool>((_, _) => throw new FormatException()));

        Assert.Empty(server.Commands);
    }

    [Fact]
    public async Task An_abort_that_the_server_does_not_hear_is_no_error()
    {
        await using var server = new ScriptedServer();
        server.On("abortTransaction", _ => null);
        await using var client = server.Connect();
        await using var session = await client.StartSessionAsync();
        session.StartTransaction();
        await InsertAsync(client, session, CancellationToken.None);

        await session.AbortTransactionAsync();

        Assert.False(session.IsInTransaction);
    }

    [Fact]
    public async Task What_does_not_fit_the_state_is_refused()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();
        var session = await client.StartSessionAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => session.CommitTransactionAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.AbortTransactionAsync());
        session.StartTransaction();
        Assert.Throws<InvalidOperationException>(session.StartTransaction);
        await session.AbortTransactionAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.CommitTransactionAsync());

        await session.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(session.StartTransaction);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => InsertAsync(client, session, CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_transient_error_of_the_transaction()
    {
        await using var client = new MongoClient(
            new MongoClientOptions { Uri = "mongodb://127.0.0.1:1/?replicaSet=rs0", ServerSelectionTimeout = TimeSpan.FromMilliseconds(200) });

        var error = await Assert.ThrowsAsync<MongoException>(() => RunAsync(client));

        Assert.Equal(MongoFailure.ServerSelection, error.Failure);
        Assert.True(error.IsTransient);
    }

    private static async Task<int> RunAsync(MongoClient client, TransactionOptions? options = null)
    {
        var bodies = 0;
        return await client.WithTransactionAsync(
            async (session, token) =>
            {
                bodies++;
                await InsertAsync(client, session, token);
                await InsertAsync(client, session, token);
                return bodies;
            },
            options);
    }

    private static async Task<bool> InsertAsync(MongoClient client, MongoSession session, CancellationToken token)
    {
        await client.GetDatabase("tests").GetCollection("things").InsertOneAsync(Document, session, token);
        return true;
    }
}
