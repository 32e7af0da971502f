namespace IotBus.MongoDb;

/// <summary>Documents to insert, written one after the other into one pooled buffer. Not thread-safe; may be cleared and used again.</summary>
/// <remarks>
/// <code>
/// var document = batch.StartDocument();
/// document.WriteGuid("_id"u8, id);
/// document.WriteEndDocument();
/// </code>
/// </remarks>
/// <param name="capacity">How many bytes it holds before it grows.</param>
public sealed class BsonBatch(int capacity = 64 * 1024) : IDisposable
{
    private readonly BatchBuffer _buffer = new(capacity);

    /// <summary>How many documents it holds.</summary>
    public int Count => _buffer.Count;

    /// <summary>How many bytes they take.</summary>
    public int Bytes => _buffer.Bytes;

    /// <summary>
    /// Opens the next document; the caller writes its fields and ends it with <see cref="BsonWriter.WriteEndDocument"/>. A document
    /// that was opened before and not ended, because writing it threw, is dropped.
    /// </summary>
    public BsonWriter StartDocument() => _buffer.Start();

    public void Add(BsonDocument document) => _buffer.Add(document);

    public void Clear() => _buffer.Clear();

    public void Dispose() => _buffer.Dispose();

    /// <summary>The documents for a call that may outlive the batch.</summary>
    internal BatchContent Share() => _buffer.Share(kinds: null);
}
