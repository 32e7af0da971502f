namespace IotBus.Bench.Delivering;

/// <summary>A message on its way through the outbox, to a consumer on the bus or to a topic.</summary>
internal sealed record Delivery(int Number)
{
    public const string Topic = "bench-outbox";
    public const string BusQueue = "bench-bus";
    public const string KafkaQueue = "bench-kafka";
}
