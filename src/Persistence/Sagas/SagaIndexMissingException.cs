using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// A saga is looked up by fields that have no index yet, within a transaction, in which none can be made: the transaction is given up, the index made,
/// and the message consumed again. Happens once a process and correlation.
/// </summary>
internal sealed class SagaIndexMissingException(string collection, IndexModel index)
    : Exception($"{collection} has no index {index.Keys.ToJson()} yet; it is made now.")
{
    public string Collection => collection;

    public IndexModel Index => index;
}
