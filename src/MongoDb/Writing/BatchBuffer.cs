namespace IotBus.MongoDb;

/// <summary>Whole documents one after the other in a pooled buffer, and where each ends.</summary>
internal sealed class BatchBuffer(int capacity) : IDisposable
{
    private readonly BsonBuffer _buffer = new(capacity);
    private int[] _ends = new int[64];
    private int _count;
    private bool _open;

    public int Count
    {
        get
        {
            Settle();
            return _count;
        }
    }

    public int Bytes => Count == 0 ? 0 : _ends[_count - 1];

    public BsonWriter Start()
    {
        Settle();
        _open = true;
        var writer = new BsonWriter(_buffer);
        writer.WriteStartDocument();
        return writer;
    }

    public void Add(BsonDocument document)
    {
        Settle();
        new BsonWriter(_buffer).WriteDocument(document);
        _open = true;
        Settle();
    }

    public void Clear()
    {
        _buffer.Clear();
        _count = 0;
        _open = false;
    }

    public void Dispose() => _buffer.Dispose();

    /// <summary>The documents for a call that may outlive the batch.</summary>
    public BatchContent Share(StatementKind[]? kinds)
    {
        Settle();
        return new BatchContent(_buffer.Share(), _ends.AsSpan(0, _count).ToArray(), kinds);
    }

    /// <summary>Counts the last document if it was ended, drops it if not.</summary>
    private void Settle()
    {
        if (!_open)
            return;

        _open = false;
        var start = _count == 0 ? 0 : _ends[_count - 1];
        if (_buffer.Depth > 0)
        {
            _buffer.Truncate(start);
            return;
        }

        if (_buffer.Length - start > BsonLimits.MaxStoredDocument)
        {
            _buffer.Truncate(start);
            throw new BsonFormatException($"A document is larger than {BsonLimits.MaxStoredDocument} bytes.");
        }

        if (_count == _ends.Length)
            Array.Resize(ref _ends, _count * 2);

        _ends[_count++] = _buffer.Length;
    }
}
