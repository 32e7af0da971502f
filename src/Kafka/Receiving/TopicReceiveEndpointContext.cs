using MassTransit;
using MassTransit.Configuration;
using MassTransit.Observables;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>A topic endpoint as MassTransit's pipeline sees it. What its consumers send and publish goes over the bus.</summary>
internal sealed class TopicReceiveEndpointContext(
    IBusInstance bus, IReceiveEndpointConfiguration configuration, string group, IServiceScopeFactory? scopes = null, bool schedulesRedelivery = false)
    : BaseReceiveEndpointContext(bus.HostConfiguration, configuration)
{
    private readonly ReceiveObservable _observers = configuration.ReceiveObservers;

    public string Group { get; } = group;

    /// <summary>By which what is scheduled comes to it.</summary>
    public Uri GroupAddress { get; } = KafkaAddress.OfGroup(bus.HostConfiguration.HostAddress, group);

    /// <summary>Whether what is scheduled for the endpoint comes to it.</summary>
    public bool SchedulesRedelivery { get; } = schedulesRedelivery;

    /// <summary>Makes the scopes of its consumers.</summary>
    public IServiceScopeFactory? Scopes { get; } = scopes;

    /// <summary>Whether anyone observes what it receives. MassTransit connects lists of observers to one another, also empty ones.</summary>
    public bool IsObserved => HasAny(_observers);

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

    private static bool HasAny(ReceiveObservable observers)
    {
        foreach (var observer in observers.Connected)
        {
            if (observer is not ReceiveObservable others || HasAny(others))
                return true;
        }

        return false;
    }
}
