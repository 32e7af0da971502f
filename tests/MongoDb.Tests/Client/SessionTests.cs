using System.Runtime.CompilerServices;
using IotBus.MongoDb.Tests.Wire;

namespace IotBus.MongoDb.Tests.Client;

public sealed class SessionTests
{
    [Fact]
    public async Task A_session_that_is_disposed_in_a_transaction_aborts_it()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();
        var session = await client.StartSessionAsync();
        session.StartTransaction();
        await PingAsync(client, session);

        await session.DisposeAsync();
        await session.DisposeAsync();

        Assert.Single(server.Received("abortTransaction"));
    }

    [Fact]
    public async Task More_sessions_than_there_may_be_wait_for_one_to_end()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect(o => o with { MaxSessions = 1 });
        var first = await client.StartSessionAsync();

        var second = client.StartSessionAsync();
        Assert.False(second.IsCompleted);
        await first.DisposeAsync();

        await (await second).DisposeAsync();
    }

    [Fact]
    public async Task Waiting_for_a_session_ends_with_the_operation_timeout()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect(o => o with { MaxSessions = 1, OperationTimeout = TimeSpan.FromSeconds(2) });
        await using var session = await client.StartSessionAsync();

        var error = await Assert.ThrowsAsync<MongoException>(() => client.StartSessionAsync());

        Assert.Equal(MongoFailure.Timeout, error.Failure);
        Assert.Contains("1 sessions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_a_session_can_be_cancelled()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect(o => o with { MaxSessions = 1 });
        var session = await client.StartSessionAsync();
        using var cancel = new CancellationTokenSource();
        var waiting = client.StartSessionAsync(cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await session.DisposeAsync();
        await (await client.StartSessionAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Other_calls_go_on_while_every_session_is_in_use()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect(o => o with { MaxSessions = 2, MaxConnections = 1 });
        await using var first = await client.StartSessionAsync();
        await using var second = await client.StartSessionAsync();

        await client.PingAsync();
        await PingAsync(client, first);
        await PingAsync(client, second);
    }

    [Fact]
    public async Task A_session_that_was_forgotten_is_given_back()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect(o => o with { MaxSessions = 1 });
        await ForgetAsync(client);

        var next = client.StartSessionAsync();
        await Testing.Eventually.TrueAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return next.IsCompleted;
        });

        await (await next).DisposeAsync();
        Assert.Single(server.Received("abortTransaction"));
    }

    [Fact]
    public async Task A_session_may_be_disposed_after_its_client()
    {
        await using var server = new ScriptedServer();
        var client = server.Connect();
        var session = await client.StartSessionAsync();
        await client.DisposeAsync();

        await session.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => PingAsync(client, session));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task ForgetAsync(MongoClient client)
    {
        var session = await client.StartSessionAsync();
        session.StartTransaction();
        await PingAsync(client, session);
        await Assert.ThrowsAsync<BsonFormatException>(
            () => client.GetDatabase("tests").GetCollection("things").FindOneAsync(BsonDocument.Empty, options: null, session));
    }

    private static Task<BsonDocument> PingAsync(MongoClient client, MongoSession session) =>
        client.GetDatabase("admin").RunCommandAsync(Bson.Document(("ping", 1)), session);
}
