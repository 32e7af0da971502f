namespace IotBus.MongoDb;

/// <summary>A field of a document.</summary>
/// <param name="NameUtf8">Its name in UTF-8.</param>
/// <param name="Value">Its value.</param>
public readonly record struct BsonElement(ReadOnlyMemory<byte> NameUtf8, BsonValue Value)
{
    public string Name => BsonScalar.Name(NameUtf8.Span);
}
