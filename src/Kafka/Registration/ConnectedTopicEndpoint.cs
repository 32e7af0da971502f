using MassTransit;

namespace IotBus.Kafka;

/// <summary>An endpoint that was added while the rider was there already.</summary>
internal sealed class ConnectedTopicEndpoint(KafkaRider rider, TopicEndpoint endpoint) : HostReceiveEndpointHandle
{
    public IReceiveEndpoint ReceiveEndpoint => endpoint.ReceiveEndpoint;

    public Task<ReceiveEndpointReady> Ready => ReadyAsync();

    public Task StopAsync(CancellationToken cancellationToken = default) => rider.RemoveAsync(endpoint).WaitAsync(cancellationToken);

    private async Task<ReceiveEndpointReady> ReadyAsync()
    {
        await endpoint.Joined.ConfigureAwait(false);
        return new Joined(endpoint.ReceiveEndpoint);
    }

    private sealed record Joined(IReceiveEndpoint ReceiveEndpoint) : ReceiveEndpointReady
    {
        public Uri InputAddress => ReceiveEndpoint.InputAddress;

        public bool IsStarted => true;
    }
}
