using System.Buffers.Binary;
using System.Runtime.InteropServices;
using IotBus.MongoDb.Native;

namespace IotBus.MongoDb.Lanes;

/// <summary>
/// A lane's <c>mongoc_client_t</c>: sends commands and waits for the answers. Used by the lane's thread alone.
/// </summary>
internal sealed unsafe partial class LaneConnection(ClientPoolHandle clients) : IDisposable
{
    /// <summary>The element <c>serverId</c>: type, name, 32 bits.</summary>
    private static readonly byte[] ServerElement = [(byte)BsonType.Int32, .. "serverId\0"u8, 0, 0, 0, 0];

    private readonly NativeBlock _block = new();
    private readonly ClientPoolHandle _clients = clients;
    private nint _client;

    /// <summary>The lane it belongs to.</summary>
    public required Lane Lane { get; init; }

    public void Dispose()
    {
        if (_client != 0)
        {
            EndSessions();
            LibMongoc.mongoc_client_pool_push(_clients.DangerousGetHandle(), _client);
            _client = 0;
            _clients.DangerousRelease();
        }

        _block.Dispose();
    }

    /// <summary>Sends a command once.</summary>
    /// <param name="database">The database's name, ended by NUL.</param>
    /// <param name="server">The server to ask, by libmongoc's number, or 0 for any that fits.</param>
    private CommandReply Send(CommandKind kind, byte[] database, ReadOnlySpan<byte> command, NativeSession session, uint server)
    {
        var client = Client();
        Span<byte> options = stackalloc byte[sizeof(int) + session.OptionElement.Length + ServerElement.Length + 1];
        options = WriteOptions(options, session, server);

        fixed (byte* databaseBytes = database, commandBytes = command, optionBytes = options)
        {
            Wrap(_block.Command, commandBytes, command.Length);
            Wrap(_block.Options, optionBytes, options.Length);
            var ok = kind switch
            {
                CommandKind.Read => LibMongoc.mongoc_client_read_command_with_opts(
                    client, databaseBytes, _block.Command, 0, _block.Options, _block.Reply, _block.Error),
                CommandKind.Write => LibMongoc.mongoc_client_write_command_with_opts(
                    client, databaseBytes, _block.Command, _block.Options, _block.Reply, _block.Error),
                _ => LibMongoc.mongoc_client_command_with_opts(
                    client, databaseBytes, _block.Command, 0, _block.Options, _block.Reply, _block.Error),
            };
            return TakeReply(ok);
        }
    }

    private static void Wrap(BsonStruct* target, byte* data, int length)
    {
        if (!LibMongoc.bson_init_static(target, data, (nuint)length))
            throw new BsonFormatException("A command is no valid document.");
    }

    /// <summary>The number of the server to read from, if the URI asks for another than the primary: its cursor must be read on there.</summary>
    private uint ChooseServer()
    {
        const int primary = 1;
        var preference = LibMongoc.mongoc_client_get_read_prefs(Client());
        if (LibMongoc.mongoc_read_prefs_get_mode(preference) == primary)
            return 0;

        var server = LibMongoc.mongoc_client_select_server(Client(), forWrites: false, preference, _block.Error);
        if (server == 0)
            throw MongoErrors.Create(*_block.Error, BsonDocument.Empty);

        var number = LibMongoc.mongoc_server_description_id(server);
        LibMongoc.mongoc_server_description_destroy(server);
        return number;
    }

    /// <summary>Whether the primary takes writes with a number; a server that is no member of a replica set refuses them.</summary>
    private bool TakesNumberedWrites()
    {
        var server = LibMongoc.mongoc_client_select_server(Client(), forWrites: true, 0, _block.Error);
        if (server == 0)
            throw MongoErrors.Create(*_block.Error, BsonDocument.Empty);

        var type = Marshal.PtrToStringUTF8((nint)LibMongoc.mongoc_server_description_type(server));
        LibMongoc.mongoc_server_description_destroy(server);
        return type != "Standalone";
    }

    /// <summary>Waits until a primary is known, at most as long as a server's selection may take.</summary>
    private void FindPrimary()
    {
        var server = LibMongoc.mongoc_client_select_server(Client(), forWrites: true, 0, _block.Error);
        if (server != 0)
            LibMongoc.mongoc_server_description_destroy(server);
    }

    private static Span<byte> WriteOptions(Span<byte> options, NativeSession session, uint server)
    {
        var position = sizeof(int);
        session.OptionElement.CopyTo(options[position..]);
        position += session.OptionElement.Length;
        if (server != 0)
        {
            ServerElement.CopyTo(options[position..]);
            position += ServerElement.Length;
            BinaryPrimitives.WriteUInt32LittleEndian(options[(position - sizeof(int))..], server);
        }

        options[position++] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(options, position);
        return options[..position];
    }

    /// <summary>Copies the reply out of C's memory, and says what went wrong if something did.</summary>
    private CommandReply TakeReply(bool ok)
    {
        BsonDocument reply;
        try
        {
            reply = new BsonDocument(new ReadOnlySpan<byte>(LibMongoc.bson_get_data(_block.Reply), (int)_block.Reply->Length).ToArray());
        }
        finally
        {
            LibMongoc.bson_destroy(_block.Reply);
        }

        return new CommandReply(reply, ok ? null : MongoErrors.Create(*_block.Error, reply));
    }

    private nint Client()
    {
        if (_client == 0)
        {
            var held = false;
            _clients.DangerousAddRef(ref held);
            _client = LibMongoc.mongoc_client_pool_pop(_clients.DangerousGetHandle());
        }

        return _client;
    }
}
