using IotBus.MongoDb.Lanes;
using IotBus.MongoDb.Tests.Wire;

namespace IotBus.MongoDb.Tests.Client;

/// <summary>Threads, bounds and cancellation.</summary>
public sealed class LaneTests
{
    [Fact]
    public async Task Calls_that_are_with_the_server_hold_no_thread_of_the_pool()
    {
        await using var server = new ScriptedServer();
        var gate = Hold(server);
        await using var client = server.Connect();
        ThreadPool.GetMaxThreads(out var workers, out var completions);
        ThreadPool.GetMinThreads(out var least, out _);
        Assert.True(ThreadPool.SetMaxThreads(Math.Max(4, least), completions));
        try
        {
            var calls = Enumerable.Range(0, 8).Select(_ => client.PingAsync()).ToArray();
            await Testing.Eventually.TrueAsync(() => server.Commands.Count == 8);

            var other = await Task.Run(() => Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => i))));

            Assert.Equal(100, other.Length);
            Assert.All(calls, c => Assert.False(c.IsCompleted));
            gate.SetResult(ScriptedServer.Ok());
            await Task.WhenAll(calls);
        }
        finally
        {
            ThreadPool.SetMaxThreads(workers, completions);
        }
    }

    [Fact]
    public async Task No_more_calls_are_with_the_server_than_there_are_connections()
    {
        await using var server = new ScriptedServer();
        var gate = Hold(server);
        await using var client = server.Connect(o => o with { MaxConnections = 2 });

        var calls = Enumerable.Range(0, 8).Select(_ => client.PingAsync()).ToArray();
        await Testing.Eventually.TrueAsync(() => server.Commands.Count == 2);
        Assert.Equal(2, server.Commands.Count);
        gate.SetResult(ScriptedServer.Ok());

        await Task.WhenAll(calls);
        Assert.Equal(8, server.Commands.Count);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_is_not_made()
    {
        await using var server = new ScriptedServer();
        var gate = Hold(server);
        await using var client = server.Connect(o => o with { MaxConnections = 1 });
        var running = client.PingAsync();
        await Testing.Eventually.TrueAsync(() => server.Commands.Count == 1);
        using var cancel = new CancellationTokenSource();
        var waiting = Things(client).InsertOneAsync(Bson.Document(("_id", 1)), session: null, cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        gate.SetResult(ScriptedServer.Ok());
        await running;
        await client.PingAsync();
        Assert.Empty(server.Received("insert"));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_runs_ends_at_once_and_its_buffer_lives_on()
    {
        await using var server = new ScriptedServer();
        var gate = Hold(server);
        await using var client = server.Connect(o => o with { MaxConnections = 1 });
        using var cancel = new CancellationTokenSource();
        using var batch = new BsonBatch();
        batch.Add(Bson.Document(("_id", 1)));
        var running = Things(client).InsertManyAsync(batch, options: null, session: null, cancel.Token);
        await Testing.Eventually.TrueAsync(() => server.Commands.Count == 1);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        batch.Clear();
        batch.Add(Bson.Document(("_id", 2)));
        var next = Things(client).InsertManyAsync(batch);
        gate.SetResult(ScriptedServer.Ok(("n", 1)));

        Assert.Equal(1, (await next).Inserted);
        Assert.Equal([1, 2], server.Received("insert").Select(c => c.GetDocuments("documents"u8)[0].GetInt32("_id"u8)));
    }

    [Fact]
    public async Task A_batch_of_several_commands_goes_no_further_when_it_was_given_up()
    {
        await using var server = new ScriptedServer();
        var gate = Hold(server);
        await using var client = server.Connect(o => o with { MaxConnections = 1 });
        using var cancel = new CancellationTokenSource();
        using var batch = new WriteBatch();
        batch.Update(Bson.Document(("_id", 1)), Bson.Document(("a", 1)));
        batch.Delete(Bson.Document(("_id", 1)));
        var running = Things(client).BulkWriteAsync(batch, options: null, session: null, cancel.Token);
        await Testing.Eventually.TrueAsync(() => server.Commands.Count == 1);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        gate.SetResult(ScriptedServer.Ok(("n", 1)));
        await client.PingAsync();

        Assert.Empty(server.Received("delete"));
    }

    [Fact]
    public async Task A_call_that_takes_longer_than_the_operation_timeout_fails_and_may_be_tried_again()
    {
        await using var server = new ScriptedServer();
        var gate = Hold(server);
        await using var client = server.Connect(o => o with { OperationTimeout = TimeSpan.FromSeconds(1) });

        var error = await Assert.ThrowsAsync<MongoException>(() => client.PingAsync());

        Assert.Equal(MongoFailure.Timeout, error.Failure);
        Assert.True(error.IsTransient);
        gate.SetResult(ScriptedServer.Ok());
        await Testing.Eventually.PassesAsync(() => client.PingAsync());
    }

    [Fact]
    public async Task A_cancelled_token_asks_nothing()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PingAsync(new CancellationToken(canceled: true)));

        Assert.Empty(server.Commands);
    }

    [Fact]
    public void What_a_call_holds_is_released_once_whatever_becomes_of_it()
    {
        var released = 0;
        LaneCall<int> Make(Func<int> body) => new((_, _) => body(), () => released++);

        var refused = Make(() => 1);
        refused.Refuse(new ObjectDisposedException("client"));
        refused.Abandon();
        refused.Execute(null!);
        Assert.Equal(1, released);

        var abandoned = Make(() => 1);
        abandoned.Abandon();
        abandoned.Execute(null!);
        abandoned.Refuse(new ObjectDisposedException("client"));
        Assert.Equal(2, released);

        var failed = Make(() => throw new FormatException());
        failed.Execute(null!);
        failed.Abandon();
        Assert.Equal(3, released);
        Assert.True(failed.Result.IsFaulted);
    }

    [Fact]
    public async Task Many_callers_at_once_all_get_their_own_answer()
    {
        await using var server = new ScriptedServer();
        server.On("echo", c => ScriptedServer.Ok(("n", c.GetInt32("echo"u8))));
        await using var client = server.Connect(o => o with { MaxConnections = 4 });
        var database = client.GetDatabase("tests");

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => database.RunCommandAsync(Bson.Document(("echo", i)))));

        Assert.Equal(Enumerable.Range(0, 500), answers.Select(a => a.GetInt32("n"u8)));
    }

    private static TaskCompletionSource<BsonDocument?> Hold(ScriptedServer server)
    {
        var gate = new TaskCompletionSource<BsonDocument?>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = _ => gate.Task;
        return gate;
    }

    private static MongoCollection Things(MongoClient client) => client.GetDatabase("tests").GetCollection("things");
}
