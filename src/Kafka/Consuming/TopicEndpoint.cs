using MassTransit;
using MassTransit.Transports;

namespace IotBus.Kafka;

internal abstract class TopicEndpoint
{
    public abstract void Start();

    public abstract Task StopAsync();

    public abstract EndpointHealthResult CheckHealth();
}

internal sealed class TopicEndpoint<T>(KafkaRider rider, IBusInstance bus, TopicEndpointDefinition<T> definition, MessageDecoder<T> decoder, BatchDispatch<T> dispatch) : TopicEndpoint
    where T : class
{
    public override void Start() => throw new NotSupportedException($"{rider}{bus}{definition}{decoder}{dispatch}");

    public override Task StopAsync() => Task.CompletedTask;

    public override EndpointHealthResult CheckHealth() => default;
}
