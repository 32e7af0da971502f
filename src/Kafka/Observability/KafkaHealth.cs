using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class KafkaHealth(IServiceProvider services) : IKafkaHealth
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public async Task CheckAsync(CancellationToken cancellationToken = default)
    {
        var rider = Rider();
        try
        {
            await rider.Producer.Admin
                .DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = Timeout })
                .WaitAsync(Timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is KafkaException or TimeoutException or ObjectDisposedException)
        {
            throw new KafkaUnavailableException(
                $"Kafka at {rider.Client.BootstrapServers} did not answer within {Timeout.TotalSeconds:0} s: {exception.Message}", exception);
        }
    }

    private KafkaRider Rider()
    {
        try
        {
            // The bus knows its riders only once it is started.
            var rider = (KafkaRider)services.GetRequiredService<Bind<IBus, IKafkaRider>>().Value;
            _ = rider.Producer;
            return rider;
        }
        catch (Exception exception) when (exception is ConfigurationException or InvalidOperationException)
        {
            throw new KafkaUnavailableException("The Kafka rider does not run: the bus is not started.", exception);
        }
    }
}
