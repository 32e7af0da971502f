using IotBus.MongoDb;

namespace IotBus.Reporting.Metrics;

/// <summary>By what rows are added up: an expression of MongoDB's aggregation.</summary>
internal static class RollupKey
{
    public static BsonValue None => BsonValue.Null;

    public static BsonValue Zone => "$_id.z";

    public static BsonValue Value => "$_id.v";

    /// <summary>The UTC day, as YYYY-MM-DD.</summary>
    public static BsonValue Day => Bson.Document(("$dateToString", Bson.Document(("format", "%Y-%m-%d"), ("date", "$_id.t"))));
}
