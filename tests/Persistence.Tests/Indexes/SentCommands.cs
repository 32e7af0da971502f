using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.Persistence.Tests;

/// <summary>A relay to the store that keeps a copy of each command that passes.</summary>
internal sealed class SentCommands : IAsyncDisposable
{
    private const int HeaderLength = 16;
    private const int OpMsg = 2013;

    private readonly ConcurrentQueue<BsonDocument> _commands = [];
    private readonly TcpRelay _relay;

    public SentCommands(string uri)
    {
        var host = uri.Split("//")[1].Split('/', ',', '?')[0].Split(':');
        _relay = new TcpRelay(host[0], host.Length > 1 ? int.Parse(host[1], CultureInfo.InvariantCulture) : 27017, Listen);
    }

    public string Uri => $"mongodb://127.0.0.1:{_relay.Port}/?directConnection=true";

    /// <summary>The commands so far; the statements of a write that came apart from it are in it again, as the array they are.</summary>
    public IReadOnlyCollection<BsonDocument> All => _commands;

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    /// <summary>Hears one connection: puts its messages together and takes them apart.</summary>
    private Action<ReadOnlySpan<byte>> Listen()
    {
        var pending = new List<byte>();
        return bytes =>
        {
            pending.AddRange(bytes);
            while (pending.Count >= HeaderLength)
            {
                var message = CollectionsMarshal.AsSpan(pending);
                var length = BinaryPrimitives.ReadInt32LittleEndian(message);
                if (pending.Count < length)
                    return;

                if (BinaryPrimitives.ReadInt32LittleEndian(message[12..]) == OpMsg)
                    _commands.Enqueue(Read(message[HeaderLength..length]));

                pending.RemoveRange(0, length);
            }
        };
    }

    /// <summary>The sections of a message (MongoDB's manual, Wire Protocol, OP_MSG): a body, and arrays of documents that belong into it.</summary>
    private static BsonDocument Read(ReadOnlySpan<byte> message)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(message);
        var end = (flags & 1) != 0 ? message.Length - sizeof(int) : message.Length;
        var body = BsonDocument.Empty;
        var arrays = new List<(string Name, BsonValue Value)>();
        for (var at = sizeof(int); at < end;)
        {
            var kind = message[at++];
            var length = BinaryPrimitives.ReadInt32LittleEndian(message[at..]);
            var section = message.Slice(at, length);
            at += length;
            if (kind == 0)
            {
                body = new BsonDocument(section.ToArray());
                continue;
            }

            var name = section[sizeof(int)..];
            name = name[..name.IndexOf((byte)0)];
            arrays.Add((Encoding.UTF8.GetString(name), Bson.Array(Documents(section[(sizeof(int) + name.Length + 1)..]))));
        }

        return arrays.Count == 0 ? body : Bson.Document([.. body.Select(field => (field.Name, field.Value)), .. arrays]);
    }

    private static List<BsonValue> Documents(ReadOnlySpan<byte> bytes)
    {
        var documents = new List<BsonValue>();
        while (bytes.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            documents.Add(new BsonDocument(bytes[..length].ToArray()));
            bytes = bytes[length..];
        }

        return documents;
    }
}
