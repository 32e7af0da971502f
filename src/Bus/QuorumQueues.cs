using MassTransit;

namespace IotBus.Bus;

/// <summary>Makes a quorum queue of each endpoint's queue that is to last, and of its error queue with it.</summary>
internal sealed class QuorumQueues(int? size) : IEndpointConfigurationObserver
{
    public void EndpointConfigured<T>(T configurator)
        where T : IReceiveEndpointConfigurator
    {
        // The bus's own queue, for answers to this process, goes with its connection, and a quorum queue cannot.
        if (configurator is IRabbitMqReceiveEndpointConfigurator queue && IsLasting(configurator.InputAddress))
            queue.SetQuorumQueue(size);
    }

    private static bool IsLasting(Uri queue)
    {
        var address = new RabbitMqEndpointAddress(queue, queue);
        return address is { Durable: true, AutoDelete: false };
    }
}
