using IotBus.Kafka;
using IotBus.Messages;
using IotBus.Processors.Store;

namespace IotBus.Processors.Events;

/// <summary>Applies a batch of sensor events to the time series, the rollups and the device states.</summary>
internal sealed class SensorEventConsumer(SensorEventStore store, StoreSetup setup) : ITopicBatchConsumer<SensorEvent>
{
    public async Task Consume(TopicBatch<SensorEvent> batch, CancellationToken cancellationToken)
    {
        await setup.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        await store.ApplyAsync(batch, cancellationToken).ConfigureAwait(false);
    }
}
