using System.Runtime.InteropServices;

namespace IotBus.MongoDb.Native;

/// <summary>The functions of libmongoc and libbson that are used, as their headers declare them (1.23 and later 1.x).</summary>
internal static unsafe partial class LibMongoc
{
    internal const string Mongoc = "mongoc-1.0";
    internal const string Bson = "bson-1.0";

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_init();

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_log_set_handler(delegate* unmanaged<int, byte*, byte*, void*, void> handler, void* data);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint mongoc_uri_new_with_error(string uri, BsonError* error);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_uri_destroy(nint uri);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_uri_has_option(nint uri, string name);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_uri_get_option_as_bool(nint uri, string name, [MarshalAs(UnmanagedType.U1)] bool fallback);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_uri_set_option_as_bool(nint uri, string name, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mongoc_uri_get_option_as_int32(nint uri, string name, int fallback);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_uri_set_option_as_int32(nint uri, string name, int value);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_uri_set_appname(nint uri, string name);

    [LibraryImport(Mongoc)]
    internal static partial byte* mongoc_uri_get_username(nint uri);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_uri_set_username(nint uri, string username);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_uri_set_password(nint uri, string password);

    [LibraryImport(Mongoc)]
    internal static partial byte* mongoc_uri_get_database(nint uri);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_uri_get_write_concern(nint uri);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_write_concern_is_acknowledged(nint concern);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_client_pool_new_with_error(nint uri, BsonError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_client_pool_set_error_api(nint pool, int version);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_client_pool_max_size(nint pool, uint size);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_client_pool_pop(nint pool);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_client_pool_push(nint pool, nint client);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_client_pool_destroy(nint pool);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_client_command_with_opts(
        nint client, byte* database, BsonStruct* command, nint readPreference, BsonStruct* options, BsonStruct* reply, BsonError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_client_read_command_with_opts(
        nint client, byte* database, BsonStruct* command, nint readPreference, BsonStruct* options, BsonStruct* reply, BsonError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_client_write_command_with_opts(
        nint client, byte* database, BsonStruct* command, BsonStruct* options, BsonStruct* reply, BsonError* error);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_client_get_read_prefs(nint client);

    [LibraryImport(Mongoc)]
    internal static partial int mongoc_read_prefs_get_mode(nint readPreference);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_client_select_server(
        nint client, [MarshalAs(UnmanagedType.U1)] bool forWrites, nint readPreference, BsonError* error);

    [LibraryImport(Mongoc)]
    internal static partial uint mongoc_server_description_id(nint server);

    [LibraryImport(Mongoc)]
    internal static partial byte* mongoc_server_description_type(nint server);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_server_description_destroy(nint server);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_session_opts_new();

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_session_opts_set_causal_consistency(nint options, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_session_opts_destroy(nint options);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_client_start_session(nint client, nint options, BsonError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_client_session_append(nint session, BsonStruct* options, BsonError* error);

    /// <summary>The session's identifier as a document, <c>{id: UUID}</c>; it belongs to the session.</summary>
    [LibraryImport(Mongoc)]
    internal static partial BsonStruct* mongoc_client_session_get_lsid(nint session);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_client_session_destroy(nint session);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_client_session_start_transaction(nint session, nint options, BsonError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_client_session_commit_transaction(nint session, BsonStruct* reply, BsonError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_client_session_abort_transaction(nint session, BsonError* error);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_transaction_opts_new();

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_transaction_opts_set_read_concern(nint options, nint concern);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_transaction_opts_set_write_concern(nint options, nint concern);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_transaction_opts_set_read_prefs(nint options, nint readPreference);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_transaction_opts_destroy(nint options);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_read_concern_new();

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mongoc_read_concern_set_level(nint concern, string level);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_read_concern_destroy(nint concern);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_write_concern_new();

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_write_concern_set_wmajority(nint concern, int timeoutMilliseconds);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_write_concern_destroy(nint concern);

    [LibraryImport(Mongoc)]
    internal static partial nint mongoc_read_prefs_new(int mode);

    [LibraryImport(Mongoc)]
    internal static partial void mongoc_read_prefs_destroy(nint readPreference);

    [LibraryImport(Bson)]
    internal static partial void bson_init(BsonStruct* bson);

    [LibraryImport(Bson)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool bson_init_static(BsonStruct* bson, byte* data, nuint length);

    [LibraryImport(Bson)]
    internal static partial byte* bson_get_data(BsonStruct* bson);

    [LibraryImport(Bson)]
    internal static partial void bson_destroy(BsonStruct* bson);
}
