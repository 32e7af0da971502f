using IotBus.Messages;

namespace IotBus.Bench.Producing;

/// <summary>One way to produce, connected.</summary>
internal interface IProducingLoop : IAsyncDisposable
{
    /// <summary>Produces all, at most as many at a time as <see cref="ProducingLoops.Window"/>, and ends when the brokers have acknowledged all.</summary>
    Task ProduceAsync(IReadOnlyList<TelemetryRecorded> readings);
}
