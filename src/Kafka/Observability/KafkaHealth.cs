using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class KafkaHealth(IServiceProvider services) : IKafkaHealth
{
    public async Task CheckAsync(CancellationToken cancellationToken = default) => await Producer().CheckAsync(cancellationToken).ConfigureAwait(false);

    private IRecordProducer Producer()
    {
        try
        {
            // The bus knows its riders only once it is started.
            return ((KafkaRider)services.GetRequiredService<Bind<IBus, IKafkaRider>>().Value).Producer;
        }
        catch (Exception exception) when (exception is ConfigurationException or InvalidOperationException)
        {
            throw new KafkaUnavailableException("The Kafka rider does not run: the bus is not started.", exception);
        }
    }
}
