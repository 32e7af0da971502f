using Confluent.Kafka;

namespace IotBus.Kafka;

internal static class TopicIds
{
    /// <summary>Null for the zero identifier, which a broker too old to have them tells.</summary>
    public static string? Text(Uuid? id) =>
        id is null || (id.MostSignificantBits == 0 && id.LeastSignificantBits == 0) ? null : id.ToString();
}
