using System.Globalization;
using MassTransit.Middleware;

namespace IotBus.Kafka;

/// <summary>
/// What a stored message that is for an endpoint's own consumers has among its properties beside its record: its class, and where the message stood that was
/// consumed when it was scheduled.
/// </summary>
/// <param name="Type">The class and its assembly, as <see cref="System.Type.GetType(string)"/> takes them.</param>
/// <param name="Topic">The topic of what was consumed, or else one of the endpoint's; empty if none was known.</param>
/// <param name="Partition">0 if nothing of Kafka was consumed.</param>
/// <param name="Offset">0 if nothing of Kafka was consumed.</param>
internal sealed record StoredOrigin(string Type, string Topic, int Partition, long Offset)
{
    private const string TypeName = "Kafka-Type";
    private const string TopicName = "Kafka-Origin-Topic";
    private const string PartitionName = "Kafka-Origin-Partition";
    private const string OffsetName = "Kafka-Origin-Offset";

    public static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    public void WriteTo(IDictionary<string, object> properties)
    {
        properties[TypeName] = Type;
        properties[TopicName] = Topic;
        properties[PartitionName] = Partition.ToString(CultureInfo.InvariantCulture);
        properties[OffsetName] = Offset.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The topic alone; null if it was not kept.</summary>
    public static string? TopicOf(OutboxMessageContext message) => message.Properties.TryGetValue(TopicName, out var topic) ? Convert.ToString(topic, CultureInfo.InvariantCulture) : null;

    /// <exception cref="ArgumentException">It was not scheduled for an endpoint, or its properties were not kept.</exception>
    public static StoredOrigin Read(OutboxMessageContext message) => new(
        Text(message, TypeName),
        Text(message, TopicName),
        int.Parse(Text(message, PartitionName), CultureInfo.InvariantCulture),
        long.Parse(Text(message, OffsetName), CultureInfo.InvariantCulture));

    private static string Text(OutboxMessageContext message, string name) =>
        message.Properties.TryGetValue(name, out var value) && Convert.ToString(value, CultureInfo.InvariantCulture) is { } text
            ? text
            : throw new ArgumentException(
                $"The stored message {message.MessageId} for {message.DestinationAddress} has no property {name}: it was not scheduled for an endpoint, "
                + "or lost what an outbox must keep.",
                nameof(message));
}
