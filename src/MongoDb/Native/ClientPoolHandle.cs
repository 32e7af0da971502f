using System.Runtime.InteropServices;

namespace IotBus.MongoDb.Native;

/// <summary>
/// <c>mongoc_client_pool_t</c>: the topology's monitors and the clients. Each lane holds a reference while it has one of the clients,
/// so the pool is destroyed after the last of them was given back.
/// </summary>
internal sealed class ClientPoolHandle : SafeHandle
{
    private const string SocketTimeoutName = "sockettimeoutms";

    /// <summary>libmongoc's own, which is what a URI gets that sets none by 0.</summary>
    private const int DriversSocketTimeout = 300_000;

    private ClientPoolHandle(nint pool)
        : base(0, ownsHandle: true) => SetHandle(pool);

    public override bool IsInvalid => handle == 0;

    /// <summary>Whether reads, and writes, may be sent a second time.</summary>
    public required bool RetriesReads { get; init; }

    public required bool RetriesWrites { get; init; }

    /// <summary>How long the server may be silent: what the URI says, or else the options.</summary>
    public required TimeSpan SocketTimeout { get; init; }

    /// <summary>The database that the URI names, if it does.</summary>
    public required string? DefaultDatabase { get; init; }

    /// <exception cref="MongoException">The URI is malformed, or contradicts the options' user.</exception>
    public static unsafe ClientPoolHandle Open(MongoClientOptions options)
    {
        BsonError error;
        var uri = LibMongoc.mongoc_uri_new_with_error(options.Uri, &error);
        if (uri == 0)
            throw new MongoException(MongoFailure.Usage, $"The MongoDB URI is not valid: {error.Text}");

        try
        {
            if (!LibMongoc.mongoc_write_concern_is_acknowledged(LibMongoc.mongoc_uri_get_write_concern(uri)))
                throw new MongoException(MongoFailure.Usage, "The MongoDB URI asks for writes without an answer (w=0): they may be lost unnoticed.");

            SetCredentials(uri, options);
            SetDefaults(uri, options);
            var retriesReads = TakeFlag(uri, "retryreads");
            var retriesWrites = TakeFlag(uri, "retrywrites");
            var pool = LibMongoc.mongoc_client_pool_new_with_error(uri, &error);
            if (pool == 0)
                throw new MongoException(MongoFailure.Usage, $"The MongoDB URI cannot be used: {error.Text}");

            const int serverErrorsHaveTheirOwnDomain = 2;
            LibMongoc.mongoc_client_pool_set_error_api(pool, serverErrorsHaveTheirOwnDomain);
            LibMongoc.mongoc_client_pool_max_size(pool, (uint)(options.MaxConnections + options.MaxSessions + options.MaxStreams));
            return new ClientPoolHandle(pool)
            {
                RetriesReads = retriesReads,
                RetriesWrites = retriesWrites,
                SocketTimeout = SocketTimeoutOf(uri),
                DefaultDatabase = Marshal.PtrToStringUTF8((nint)LibMongoc.mongoc_uri_get_database(uri)),
            };
        }
        finally
        {
            LibMongoc.mongoc_uri_destroy(uri);
        }
    }

    protected override bool ReleaseHandle()
    {
        LibMongoc.mongoc_client_pool_destroy(handle);
        return true;
    }

    private static unsafe void SetCredentials(nint uri, MongoClientOptions options)
    {
        if (options.Username is null && options.Password is null)
            return;

        if (string.IsNullOrEmpty(options.Username) || string.IsNullOrEmpty(options.Password))
            throw new MongoException(MongoFailure.Usage, "The MongoDB username and password belong together: one of them is missing.");

        if (LibMongoc.mongoc_uri_get_username(uri) is not null)
            throw new MongoException(MongoFailure.Usage, "The MongoDB URI names a user, and the options name one too: take one of them out.");

        if (!LibMongoc.mongoc_uri_set_username(uri, options.Username) || !LibMongoc.mongoc_uri_set_password(uri, options.Password))
            throw new MongoException(MongoFailure.Usage, "The MongoDB username or password is not valid text.");
    }

    private static void SetDefaults(nint uri, MongoClientOptions options)
    {
        SetDefault(uri, "serverselectiontimeoutms", options.ServerSelectionTimeout);
        SetDefault(uri, "connecttimeoutms", options.ConnectTimeout);
        SetDefault(uri, SocketTimeoutName, options.SocketTimeout);
        if (!LibMongoc.mongoc_uri_has_option(uri, "appname"))
            LibMongoc.mongoc_uri_set_appname(uri, options.AppName);
    }

    private static void SetDefault(nint uri, string name, TimeSpan value)
    {
        if (!LibMongoc.mongoc_uri_has_option(uri, name))
            LibMongoc.mongoc_uri_set_option_as_int32(uri, name, (int)Math.Clamp(value.TotalMilliseconds, 1, int.MaxValue));
    }

    private static TimeSpan SocketTimeoutOf(nint uri)
    {
        var milliseconds = LibMongoc.mongoc_uri_get_option_as_int32(uri, SocketTimeoutName, DriversSocketTimeout);
        return TimeSpan.FromMilliseconds(milliseconds > 0 ? milliseconds : DriversSocketTimeout);
    }

    /// <summary>
    /// Reads an option and switches it off: the second attempt is made here, alike for reads and writes, because libmongoc makes none
    /// for insert, update and delete when they are sent as commands.
    /// </summary>
    private static bool TakeFlag(nint uri, string name)
    {
        var value = LibMongoc.mongoc_uri_get_option_as_bool(uri, name, fallback: true);
        LibMongoc.mongoc_uri_set_option_as_bool(uri, name, value: false);
        return value;
    }
}
