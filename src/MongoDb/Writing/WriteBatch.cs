using System.Runtime.InteropServices;

namespace IotBus.MongoDb;

/// <summary>
/// Update and delete statements, written one after the other into one pooled buffer. Not thread-safe; may be cleared and used again.
/// </summary>
/// <remarks>
/// <code>
/// var update = batch.StartUpdate(upsert: true);
/// update.WriteStartDocument("q"u8);
/// update.WriteString("_id"u8, device);
/// update.WriteEndDocument();
/// update.WriteStartDocument("u"u8);
/// ...                                 // operators, a replacement; or WriteStartArray("u"u8) for a pipeline
/// update.WriteEndDocument();
/// update.WriteEndDocument();          // the statement itself
/// </code>
/// </remarks>
/// <param name="capacity">How many bytes it holds before it grows.</param>
public sealed class WriteBatch(int capacity = 64 * 1024) : IDisposable
{
    private readonly BatchBuffer _buffer = new(capacity);
    private readonly List<StatementKind> _kinds = [];

    /// <summary>How many statements it holds.</summary>
    public int Count => _buffer.Count;

    /// <summary>Opens an update: the caller writes <c>q</c> and <c>u</c> (and <c>arrayFilters</c>, <c>hint</c>, …), then ends the document.</summary>
    /// <param name="upsert">Make the document if none matches.</param>
    /// <param name="multi">Change all that match, not just one.</param>
    public BsonWriter StartUpdate(bool upsert = false, bool multi = false)
    {
        var writer = Start(multi ? StatementKind.UpdateMany : StatementKind.Update);
        if (upsert)
            writer.WriteBoolean("upsert"u8, true);

        if (multi)
            writer.WriteBoolean("multi"u8, true);

        return writer;
    }

    /// <summary>Opens a delete: the caller writes <c>q</c>, then ends the document.</summary>
    /// <param name="multi">Delete all that match, not just one.</param>
    public BsonWriter StartDelete(bool multi = false)
    {
        var writer = Start(multi ? StatementKind.DeleteMany : StatementKind.Delete);
        writer.WriteInt32("limit"u8, multi ? 0 : 1);
        return writer;
    }

    /// <summary>Adds an update by operators (<c>{$set: …}</c>) or a replacement.</summary>
    public void Update(BsonDocument filter, BsonDocument update, bool upsert = false, bool multi = false)
    {
        var writer = StartUpdate(upsert, multi);
        writer.WriteDocument("q"u8, filter);
        writer.WriteDocument("u"u8, update);
        writer.WriteEndDocument();
    }

    /// <summary>Adds an update by an aggregation pipeline.</summary>
    public void Update(BsonDocument filter, IReadOnlyList<BsonDocument> pipeline, bool upsert = false, bool multi = false)
    {
        var writer = StartUpdate(upsert, multi);
        writer.WriteDocument("q"u8, filter);
        writer.WriteArray("u"u8, pipeline);
        writer.WriteEndDocument();
    }

    public void Delete(BsonDocument filter, bool multi = false)
    {
        var writer = StartDelete(multi);
        writer.WriteDocument("q"u8, filter);
        writer.WriteEndDocument();
    }

    public void Clear()
    {
        _buffer.Clear();
        _kinds.Clear();
    }

    public void Dispose() => _buffer.Dispose();

    /// <summary>The statements for a call that may outlive the batch.</summary>
    internal BatchContent Share()
    {
        var count = _buffer.Count;
        return _buffer.Share(CollectionsMarshal.AsSpan(_kinds)[..count].ToArray());
    }

    private BsonWriter Start(StatementKind kind)
    {
        // The last statement may have been dropped because it was not ended; its kind goes with it.
        var count = _buffer.Count;
        _kinds.RemoveRange(count, _kinds.Count - count);
        _kinds.Add(kind);
        return _buffer.Start();
    }
}
