namespace IotBus.MongoDb;

/// <summary>What a statement of a batch does. Those that may touch many documents cannot be sent twice with one effect.</summary>
internal enum StatementKind : byte
{
    Insert,
    Update,
    UpdateMany,
    Delete,
    DeleteMany,
}
