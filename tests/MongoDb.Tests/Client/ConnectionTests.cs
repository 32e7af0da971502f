using System.Net;
using System.Net.Sockets;
using System.Text;
using IotBus.MongoDb.Native;
using IotBus.MongoDb.Tests.Wire;

namespace IotBus.MongoDb.Tests.Client;

public sealed class ConnectionTests
{
    private static readonly BsonDocument Ping = Bson.Document(("ping", 1));

    [Theory]
    [InlineData("localhost:27017")]
    [InlineData("mongodb://")]
    [InlineData("mongodb://host:99999999")]
    [InlineData("mongodb://a,b/?directConnection=true")]
    [InlineData("mongodb://a/?w=0")]
    public void A_malformed_URI_is_refused(string uri)
    {
        var error = Assert.Throws<MongoException>(() => new MongoClient(new MongoClientOptions { Uri = uri }));

        Assert.Equal(MongoFailure.Usage, error.Failure);
        Assert.Contains("URI", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [InlineData("mongodb://127.0.0.1:1/", "processors", null, "belong together")]
    [InlineData("mongodb://127.0.0.1:1/", "", "secret", "belong together")]
    [InlineData("mongodb://somebody:else@127.0.0.1:1/", "processors", "secret", "names a user")]
    public void A_user_that_is_not_whole_or_not_the_only_one_is_refused(string uri, string? username, string? password, string told)
    {
        var error = Assert.Throws<MongoException>(() => new MongoClient(new MongoClientOptions { Uri = uri, Username = username, Password = password }));

        Assert.Equal(MongoFailure.Usage, error.Failure);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_options_user_logs_in_where_the_URI_names_none()
    {
        await using var server = new ScriptedServer();
        server.On("saslStart", _ => ScriptedServer.Error(18, "AuthenticationFailed"));
        await using var client = server.Connect(options => options with { Username = "proc@ssors:1", Password = "p/%@:w" });

        await Assert.ThrowsAsync<MongoException>(() => client.PingAsync());

        var start = server.Received("saslStart")[0];
        Assert.Contains("n,,n=proc@ssors:1,r=", Encoding.UTF8.GetString(start.Span), StringComparison.Ordinal);
        Assert.Empty(server.Received("ping"));
    }

    [Fact]
    public void A_missing_library_names_the_package_that_has_it()
    {
        var error = Assert.Throws<DllNotFoundException>(
            () => MongoDriver.LoadFirst(["libno-such-driver.so.0"], typeof(MongoClient).Assembly, searchPath: null));

        Assert.Contains("libmongoc-1.0-0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_server_is_named_when_the_selection_timeout_has_passed()
    {
        var port = FreePort();
        await using var client = new MongoClient(
            new MongoClientOptions { Uri = $"mongodb://127.0.0.1:{port}/?replicaSet=rs0", ServerSelectionTimeout = TimeSpan.FromMilliseconds(300) });

        var error = await Assert.ThrowsAsync<MongoException>(() => client.PingAsync());

        Assert.Equal(MongoFailure.ServerSelection, error.Failure);
        Assert.True(error.IsTransient);
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_went_away_is_used_again_when_it_returns()
    {
        var server = new ScriptedServer();
        var port = server.Port;
        await using var client = server.Connect(o => o with { ServerSelectionTimeout = TimeSpan.FromMilliseconds(300) });
        await client.PingAsync();

        await server.DisposeAsync();
        var error = await Assert.ThrowsAsync<MongoException>(() => client.PingAsync());
        Assert.True(error.IsTransient);

        await using var returned = new ScriptedServer(port);
        await Testing.Eventually.TrueAsync(async () =>
        {
            try
            {
                await client.PingAsync();
                return true;
            }
            catch (MongoException e) when (e.IsTransient)
            {
                return false;
            }
        });
    }

    [Theory]
    [InlineData("FFFFFF7F 01000000 01000000 DD070000 00000000")]
    [InlineData("05000000 01000000 01000000 DD070000 00000000 00 0500000000")]
    [InlineData("1A000000 01000000 01000000 01020304 00000000 00 0500000000")]
    public async Task A_server_that_answers_garbage_fails_the_call_and_not_the_next(string garbage)
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();
        server.Garbage.Enqueue(Convert.FromHexString(garbage.Replace(" ", "", StringComparison.Ordinal)));

        await Assert.ThrowsAsync<MongoException>(() => client.PingAsync());

        await client.PingAsync();
    }

    [Fact]
    public async Task The_servers_error_has_its_code_name_and_labels()
    {
        await using var server = new ScriptedServer();
        server.On("ping", _ => ScriptedServer.Error(13, "Unauthorized", "Made", "Up"));
        await using var client = server.Connect();

        var error = await Assert.ThrowsAsync<MongoException>(() => client.PingAsync());

        Assert.Equal(MongoFailure.Server, error.Failure);
        Assert.Equal(13, error.Code);
        Assert.Equal("Unauthorized", error.CodeName);
        Assert.Equal(["Made", "Up"], error.Labels);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task The_name_of_the_application_and_the_default_database_come_from_options_and_URI()
    {
        await using var server = new ScriptedServer();
        await using var client = new MongoClient(new MongoClientOptions { Uri = $"mongodb://{server.Address}/plant?replicaSet=rs0" });

        Assert.Equal("plant", client.DefaultDatabaseName);
    }

    [Fact]
    public async Task A_disposed_client_refuses_calls()
    {
        await using var server = new ScriptedServer();
        var client = server.Connect();
        await client.PingAsync();
        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.PingAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.StartSessionAsync());
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Calls_that_wait_when_the_client_is_disposed_are_refused_and_those_that_run_end()
    {
        await using var server = new ScriptedServer();
        var gate = new TaskCompletionSource<BsonDocument?>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = _ => gate.Task;
        var client = server.Connect(o => o with { MaxConnections = 1 });
        var running = client.GetDatabase("admin").RunCommandAsync(Ping);
        await Testing.Eventually.TrueAsync(() => server.Commands.Count == 1);
        var waiting = client.PingAsync();

        var disposing = client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        gate.SetResult(ScriptedServer.Ok(("n", 1)));

        Assert.Equal(1, (await running).GetInt32("n"u8));
        await disposing;
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a$b")]
    [InlineData("a b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task A_name_that_is_none_of_a_database_is_refused(string name)
    {
        await using var client = new MongoClient(new MongoClientOptions { Uri = "mongodb://127.0.0.1:1" });

        Assert.ThrowsAny<ArgumentException>(() => client.GetDatabase(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a$b")]
    [InlineData("a\0b")]
    public async Task A_name_that_is_none_of_a_collection_is_refused(string name)
    {
        await using var client = new MongoClient(new MongoClientOptions { Uri = "mongodb://127.0.0.1:1" });

        Assert.ThrowsAny<ArgumentException>(() => client.GetDatabase("a").GetCollection(name));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
