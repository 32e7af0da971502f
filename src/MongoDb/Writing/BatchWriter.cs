using IotBus.MongoDb.Lanes;

namespace IotBus.MongoDb;

/// <summary>Sends a batch as insert, update and delete commands, on a lane.</summary>
internal sealed class BatchWriter(MongoCollection collection, BatchContent batch, WriteOptions options, NativeSession? session)
{
    private readonly Deadline _deadline = Deadline.After(options.ClientTimeout);

    public BulkWriteResult Run(LaneConnection lane, LaneCall call)
    {
        var tally = new BulkTally();
        foreach (var slice in BatchSlice.Cut(batch, options.Ordered))
        {
            if (call.IsAbandoned || (options.Ordered && tally.HasErrors))
                break;

            tally.Add(Send(lane, call, slice), slice);
        }

        return tally.ToResult();
    }

    private BsonDocument Send(LaneConnection lane, LaneCall call, BatchSlice slice)
    {
        const int roomForTheRest = 1024;
        var number = slice.MayBeNumbered ? lane.NumberWrite(session) : null;
        using var command = new BsonBuffer(slice.Bytes + roomForTheRest);
        WriteCommand(new BsonWriter(command), slice, number);
        return lane.Write(collection.Database.NativeName, command.WrittenSpan, session, number is not null, call, _deadline);
    }

    private void WriteCommand(BsonWriter writer, BatchSlice slice, long? number)
    {
        writer.WriteStartDocument();
        writer.WriteString(Verb(slice.Command), collection.Name);
        writer.WriteBoolean("ordered"u8, options.Ordered);
        if (options.MaxTime is { } maxTime)
            writer.WriteInt64("maxTimeMS"u8, (long)maxTime.TotalMilliseconds);

        if (number is { } value)
            writer.WriteInt64("txnNumber"u8, value);

        writer.WriteStartArray(Statements(slice.Command));
        foreach (var index in slice.Indexes)
            writer.WriteWholeDocument(batch[index]);

        writer.WriteEndArray();
        writer.WriteEndDocument();
    }

    private static ReadOnlySpan<byte> Verb(StatementKind command) => command switch
    {
        StatementKind.Insert => "insert"u8,
        StatementKind.Update => "update"u8,
        _ => "delete"u8,
    };

    private static ReadOnlySpan<byte> Statements(StatementKind command) => command switch
    {
        StatementKind.Insert => "documents"u8,
        StatementKind.Update => "updates"u8,
        _ => "deletes"u8,
    };
}
