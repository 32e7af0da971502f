using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>A topic endpoint as MassTransit's pipeline sees it. What its consumers send and publish goes over the bus.</summary>
internal sealed class TopicReceiveEndpointContext(IBusInstance bus, IReceiveEndpointConfiguration configuration, string group)
    : BaseReceiveEndpointContext(bus.HostConfiguration, configuration)
{
    public string Group { get; } = group;

    // The endpoint supervises its own client.
    public override void AddSendAgent(IAgent agent)
    {
    }

    public override void AddConsumeAgent(IAgent agent)
    {
    }

    public override Exception ConvertException(Exception exception, string message) => exception;

    public override void Probe(ProbeContext context)
    {
        context.Add("type", "kafka");
        context.Add("group", Group);
    }

    protected override ISendEndpointProvider CreateSendEndpointProvider() => bus.Bus;

    protected override IPublishEndpointProvider CreatePublishEndpointProvider() => bus.Bus;

    protected override ISendTransportProvider CreateSendTransportProvider() =>
        throw new NotSupportedException("Messages go to topics through ITopicProducer.");

    protected override IPublishTransportProvider CreatePublishTransportProvider() =>
        throw new NotSupportedException("Messages go to topics through ITopicProducer.");
}
