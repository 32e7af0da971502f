using IotBus.MongoDb.Tests.Wire;
using static IotBus.MongoDb.Tests.Client.TransactionBodies;

namespace IotBus.MongoDb.Tests.Client;

/// <summary>What a transaction sends, and what its session refuses.</summary>
public sealed class TransactionTests
{
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
}
