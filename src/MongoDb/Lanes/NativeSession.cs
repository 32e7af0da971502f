namespace IotBus.MongoDb.Lanes;

/// <summary>
/// <c>mongoc_client_session_t</c>. It belongs to its lane's client, which is not thread-safe, so the lane's thread alone uses and ends it.
/// </summary>
internal sealed class NativeSession(nint handle, Guid id, byte[] optionElement)
{
    /// <summary>
    /// Far above what libmongoc has counted in the server session it hands out, which may have been used for transactions before: the server
    /// takes numbers of a session in rising order only, and gaps are fine.
    /// </summary>
    private const long FirstWriteNumber = 1L << 40;

    private long _writeNumber = FirstWriteNumber;

    public nint Handle { get; } = handle;

    /// <summary>The identifier that the server knows it by.</summary>
    public Guid Id { get; } = id;

    /// <summary>The element <c>sessionId</c> that a command's options name the session by.</summary>
    public ReadOnlySpan<byte> OptionElement => optionElement;

    /// <summary>A transaction that was asked for, which libmongoc has not been told of: it would look for a server there and then.</summary>
    public bool StartsTransaction { get; set; }

    public bool IsEnded { get; set; }

    /// <summary>The number of the next write, by which the server knows a write that is sent twice.</summary>
    public long NextWriteNumber() => ++_writeNumber;
}
