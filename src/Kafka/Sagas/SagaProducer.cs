using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>Produces what a saga's activities made.</summary>
internal static class SagaProducer
{
    /// <exception cref="ConfigurationException">No producer of the message takes its key from the message, or the saga has no scope.</exception>
    public static Task ProduceAsync<T>(ConsumeContext context, SendTuple<T> message)
        where T : class
    {
        var producer = Services(context)?.GetService<ITopicProducer<T>>();
        if (producer is null)
        {
            throw new ConfigurationException(
                $"The saga produces {typeof(T).Name}, and there is no ITopicProducer<{typeof(T).Name}>: call AddProducer<{typeof(T).Name}>(\"topic\"), or "
                + $"AddProducer<TKey, {typeof(T).Name}>(\"topic\", context => …) with the key, in AddRider.");
        }

        return message.Pipe.IsNotEmpty()
            ? producer.Produce(message.Message, message.Pipe, context.CancellationToken)
            : producer.Produce(message.Message, context.CancellationToken);
    }

    private static IServiceProvider? Services(ConsumeContext context) =>
        context.TryGetPayload(out IServiceScope? scope) ? scope.ServiceProvider
        : context.TryGetPayload(out IServiceProvider? services) ? services
        : null;
}
