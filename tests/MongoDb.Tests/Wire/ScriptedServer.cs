using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IotBus.MongoDb.Tests.Wire;

/// <summary>
/// Speaks MongoDB's wire protocol and answers as a test says, so that lost connections, strange answers and silence come exactly when
/// wanted. To its clients it is the primary of a replica set of one.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private const int HeaderLength = 16;
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopListening = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _connections = new();
    private readonly Task _accepting;

    /// <param name="port">The port of a server that was there before; one that is free if 0.</param>
    public ScriptedServer(int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public string Uri => IsStandalone ? $"mongodb://{Address}/?appName=tests" : $"mongodb://{Address}/?replicaSet=rs0";

    /// <summary>Answers a command; null closes the connection. Not asked for hello and endSessions.</summary>
    public Func<BsonDocument, Task<BsonDocument?>> Answer { get; set; } = _ => Task.FromResult<BsonDocument?>(Ok());

    /// <summary>It is no member of a replica set.</summary>
    public bool IsStandalone { get; init; }

    /// <summary>The next bytes to send instead of an answer.</summary>
    public ConcurrentQueue<byte[]> Garbage { get; } = new();

    /// <summary>The commands that came, but for hello and endSessions.</summary>
    public ConcurrentQueue<BsonDocument> Commands { get; } = new();

    /// <summary>A client whose bounds suit a test.</summary>
    public MongoClient Connect(Func<MongoClientOptions, MongoClientOptions>? change = null)
    {
        var options = new MongoClientOptions { Uri = Uri, AppName = "tests" };
        return new MongoClient(change is null ? options : change(options));
    }

    public static BsonDocument Ok(params ReadOnlySpan<(string Name, BsonValue Value)> fields) => Bson.Document([("ok", 1.0), .. fields]);

    public static BsonDocument Error(int code, string codeName, params string[] labels) => Bson.Document(
        ("ok", 0.0),
        ("errmsg", $"made up: {codeName}"),
        ("code", code),
        ("codeName", codeName),
        ("errorLabels", Bson.Array(labels.Select(l => (BsonValue)l))));

    /// <summary>Answers by the command's name.</summary>
    public void On(string name, Func<BsonDocument, BsonDocument?> answer)
    {
        var otherwise = Answer;
        Answer = command => NameOf(command) == name ? Task.FromResult(answer(command)) : otherwise(command);
    }

    /// <summary>The first answers to commands of a name, one each; further ones are answered as before.</summary>
    public void OnNext(string name, params BsonDocument?[] answers)
    {
        var left = new ConcurrentQueue<BsonDocument?>(answers);
        var otherwise = Answer;
        Answer = command => NameOf(command) == name && left.TryDequeue(out var answer) ? Task.FromResult(answer) : otherwise(command);
    }

    public IReadOnlyList<BsonDocument> Received(string name) => [.. Commands.Where(c => NameOf(c) == name)];

    /// <summary>Takes no new connections.</summary>
    public async Task StopListeningAsync()
    {
        // The loop ends first: a listener that was stopped refuses the very question.
        await _stopListening.CancelAsync();
        await _accepting;
        _listener.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var connection in _connections.Keys)
            connection.Dispose();

        await StopListeningAsync();
        _stopListening.Dispose();
        _stop.Dispose();
    }

    private static string NameOf(BsonDocument command) => command.First().Name;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptTcpClientAsync(_stopListening.Token);
                _ = ServeAsync(connection);
            }
        }
        catch (OperationCanceledException)
        {
            // It takes no more.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        _connections[connection] = true;
        try
        {
            using (connection)
            {
                var stream = connection.GetStream();
                while (await ReadAsync(stream) is var (header, command))
                {
                    if (await AnswerAsync(command) is not { } answer)
                        return;

                    var isHello = NameOf(command) is "hello" or "isMaster" or "ismaster";
                    await stream.WriteAsync(!isHello && Garbage.TryDequeue(out var bytes) ? bytes : Frame(header, answer), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task<BsonDocument?> AnswerAsync(BsonDocument command)
    {
        switch (NameOf(command))
        {
            case "hello" or "isMaster" or "ismaster":
                return Hello();
            case "endSessions":
                return Ok();
            default:
                Commands.Enqueue(command);
                return await Answer(command);
        }
    }

    private BsonDocument Hello() => IsStandalone ? StandaloneHello() : Ok(
        ("helloOk", true),
        ("ismaster", true),
        ("isWritablePrimary", true),
        ("secondary", false),
        ("setName", "rs0"),
        ("setVersion", 1),
        ("hosts", Bson.Array(Address)),
        ("me", Address),
        ("primary", Address),
        ("maxBsonObjectSize", 16 * 1024 * 1024),
        ("maxMessageSizeBytes", 48_000_000),
        ("maxWriteBatchSize", 100_000),
        ("logicalSessionTimeoutMinutes", 30),
        ("minWireVersion", 0),
        ("maxWireVersion", 13));

    private static BsonDocument StandaloneHello() => Ok(
        ("helloOk", true),
        ("ismaster", true),
        ("isWritablePrimary", true),
        ("maxBsonObjectSize", 16 * 1024 * 1024),
        ("maxMessageSizeBytes", 48_000_000),
        ("maxWriteBatchSize", 100_000),
        ("logicalSessionTimeoutMinutes", 30),
        ("minWireVersion", 0),
        ("maxWireVersion", 13));

    private async Task<(byte[] Header, BsonDocument Command)?> ReadAsync(NetworkStream stream)
    {
        var header = new byte[HeaderLength];
        if (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, _stop.Token) < HeaderLength)
            return null;

        var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - HeaderLength];
        await stream.ReadExactlyAsync(body, _stop.Token);
        var start = OpCode(header) == OpMsg ? sizeof(int) + 1 : body.AsSpan(sizeof(int)).IndexOf((byte)0) + sizeof(int) + 1 + 8;
        var length = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(start));
        return (header, new BsonDocument(body.AsMemory(start, length)));
    }

    private static int OpCode(byte[] header) => BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));

    private static byte[] Frame(byte[] header, BsonDocument answer)
    {
        var isMessage = OpCode(header) == OpMsg;
        var prefix = isMessage ? sizeof(int) + 1 : 20;
        var frame = new byte[HeaderLength + prefix + answer.Span.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length);
        header.AsSpan(4, 4).CopyTo(frame.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(12), isMessage ? OpMsg : OpReply);
        if (OpCode(header) == OpQuery)
            frame[HeaderLength + 16] = 1;

        answer.Span.CopyTo(frame.AsSpan(HeaderLength + prefix));
        return frame;
    }
}
