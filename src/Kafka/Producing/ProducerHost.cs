using MassTransit;
using MassTransit.Configuration;
using MassTransit.Observables;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>What a rider's producers have in common.</summary>
internal sealed class ProducerHost
{
    private readonly ISendTopology[] _topologies;

    public ProducerHost(KafkaFactoryConfigurator configurator, ProducerClients clients, IBusInstance bus)
    {
        Clients = clients;
        Address = bus.HostConfiguration.HostAddress;
        Serializers = configurator.SerializerFactory;
        HeadersSerializer = configurator.HeadersSerializer;
        HasSendFilters = configurator.SendConfigurations.Count > 0;
        Serialization = new SerializationConfiguration().CreateSerializerCollection();
        _topologies = [bus.HostConfiguration.Topology.SendTopology, GlobalTopology.Send];
        var pipe = new SendPipeConfiguration(bus.HostConfiguration.Topology.SendTopology);
        foreach (var configure in configurator.SendConfigurations)
            configure(pipe.Configurator);

        SendPipe = pipe.CreatePipe();
        Observers = configurator.SendObservers;
        BusObservers = bus.HostConfiguration.SendObservers;
    }

    public ProducerClients Clients { get; }

    /// <summary>The bus's address.</summary>
    public Uri Address { get; }

    public IKafkaSerializerFactory Serializers { get; }

    public IHeadersSerializer HeadersSerializer { get; }

    public ISerialization Serialization { get; }

    /// <summary>MassTransit's conventions, and the rider's filters.</summary>
    public ISendPipe SendPipe { get; }

    /// <summary>Whether the pipe does more than the conventions.</summary>
    public bool HasSendFilters { get; }

    /// <summary>The rider's own.</summary>
    public SendObservable Observers { get; }

    /// <summary>Those of the bus, the test harness's among them.</summary>
    public ISendObserver BusObservers { get; }

    /// <summary>MassTransit's conventions: what the bus's send topology says, then what the process's does.</summary>
    public Func<T, Guid?> CorrelationIdOf<T>()
        where T : class
    {
        foreach (var send in _topologies)
        {
            if (send.GetMessageTopology<T>() is IMessageSendTopologyConfigurator<T> topology
                && topology.TryGetConvention<ICorrelationIdMessageSendTopologyConvention<T>>(out var convention)
                && convention.TryGetMessageCorrelationId(out var correlationId))
            {
                return message => correlationId.TryGetCorrelationId(message, out var id) ? id : null;
            }
        }

        return _ => null;
    }
}
