using System.Runtime.InteropServices;

namespace IotBus.MongoDb;

/// <summary>Which of a batch's statements one command carries, by their indexes in the batch.</summary>
/// <param name="command">The command: insert, update or delete.</param>
internal sealed class BatchSlice(StatementKind command)
{
    /// <summary>How many statements the server takes with one command (<c>maxWriteBatchSize</c>).</summary>
    public const int MaxCount = 100_000;

    /// <summary>How many bytes of statements one command carries, well below what a command may have; a single one may have more.</summary>
    public const int MaxBytes = 12 * 1024 * 1024;

    private readonly List<int> _indexes = [];
    private int _bytes;

    /// <summary>One of <see cref="StatementKind.Insert"/>, <see cref="StatementKind.Update"/>, <see cref="StatementKind.Delete"/>.</summary>
    public StatementKind Command => command;

    public ReadOnlySpan<int> Indexes => CollectionsMarshal.AsSpan(_indexes);

    public int Bytes => _bytes;

    /// <summary>Whether it may be sent twice and have one effect.</summary>
    public bool MayBeNumbered { get; private set; } = true;

    /// <summary>Cuts a batch into commands, in the order of its statements if ordered; otherwise the updates come first.</summary>
    public static List<BatchSlice> Cut(BatchContent batch, bool ordered)
    {
        var slices = new List<BatchSlice>();
        if (ordered)
        {
            for (var i = 0; i < batch.Count; i++)
                Add(slices, batch, i);

            return slices;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            if (CommandOf(batch.Kind(i)) is not StatementKind.Delete)
                Add(slices, batch, i);
        }

        for (var i = 0; i < batch.Count; i++)
        {
            if (CommandOf(batch.Kind(i)) is StatementKind.Delete)
                Add(slices, batch, i);
        }

        return slices;
    }

    /// <summary>The index in the batch of what the server calls by its index in the command.</summary>
    public int IndexOf(int position) => position >= 0 && position < _indexes.Count
        ? _indexes[position]
        : throw new BsonFormatException($"The server's answer speaks of statement {position} of {_indexes.Count}.");

    private static void Add(List<BatchSlice> slices, BatchContent batch, int index)
    {
        var command = CommandOf(batch.Kind(index));
        if (slices.Count == 0 || slices[^1].Command != command || !slices[^1].Fits(batch.Length(index)))
            slices.Add(new BatchSlice(command));

        slices[^1].Add(index, batch);
    }

    private static StatementKind CommandOf(StatementKind kind) => kind switch
    {
        StatementKind.UpdateMany => StatementKind.Update,
        StatementKind.DeleteMany => StatementKind.Delete,
        _ => kind,
    };

    private bool Fits(int bytes) => _indexes.Count < MaxCount && _bytes + bytes <= MaxBytes;

    private void Add(int index, BatchContent batch)
    {
        // Type, index in digits and NUL come with each element of an array.
        const int elementOverhead = 8;
        _indexes.Add(index);
        _bytes += batch.Length(index) + elementOverhead;
        MayBeNumbered &= batch.Kind(index) is not (StatementKind.UpdateMany or StatementKind.DeleteMany);
    }
}
