using MassTransit;

namespace IotBus.Kafka;

/// <summary>In what a message is produced. The default: in nothing.</summary>
/// <param name="Services">The scope whose services filters get.</param>
/// <param name="Consuming">What is consumed meanwhile.</param>
internal readonly record struct ProduceScope(IServiceProvider? Services, ConsumeContext? Consuming);
