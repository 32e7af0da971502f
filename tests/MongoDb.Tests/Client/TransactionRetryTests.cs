using IotBus.MongoDb.Tests.Wire;
using static IotBus.MongoDb.Tests.Client.TransactionBodies;

namespace IotBus.MongoDb.Tests.Client;

/// <summary>What becomes of a transaction when the server fails in its middle or at its commit.</summary>
public sealed class TransactionRetryTests
{
    private static readonly BsonDocument Conflict = ScriptedServer.Error(112, "WriteConflict", MongoLabels.TransientTransaction);
    private static readonly BsonDocument NoSuchTransaction = ScriptedServer.Error(251, "NoSuchTransaction", MongoLabels.TransientTransaction);

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
    public async Task A_server_that_is_not_there_is_a_transient_error_of_the_transaction()
    {
        await using var client = new MongoClient(
            new MongoClientOptions { Uri = "mongodb://127.0.0.1:1/?replicaSet=rs0", ServerSelectionTimeout = TimeSpan.FromMilliseconds(200) });

        var error = await Assert.ThrowsAsync<MongoException>(() => RunAsync(client));

        Assert.Equal(MongoFailure.ServerSelection, error.Failure);
        Assert.True(error.IsTransient);
    }
}
