using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// Stands for a topic endpoint in the health of the bus, which knows only receive endpoints. What else a receive endpoint can do, the bus
/// does.
/// </summary>
internal sealed class HealthReceiveEndpoint(IBus bus, Uri inputAddress) : IReceiveEndpoint
{
    public Uri InputAddress { get; } = inputAddress;

    public Task<ReceiveEndpointReady> Started => throw NotStartable();

    public ReceiveEndpointHandle Start(CancellationToken cancellationToken = default) => throw NotStartable();

    public Task Stop(CancellationToken cancellationToken = default) => throw NotStartable();

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => bus.GetSendEndpoint(address);

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => bus.GetPublishSendEndpoint<T>();

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => bus.ConnectSendObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => bus.ConnectPublishObserver(observer);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => bus.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectConsumeObserver(IConsumeObserver observer) => bus.ConnectConsumeObserver(observer);

    public ConnectHandle ConnectConsumeMessageObserver<T>(IConsumeMessageObserver<T> observer)
        where T : class => bus.ConnectConsumeMessageObserver(observer);

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe)
        where T : class => bus.ConnectConsumePipe(pipe);

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
        where T : class => bus.ConnectConsumePipe(pipe, options);

    public ConnectHandle ConnectRequestPipe<T>(Guid requestId, IPipe<ConsumeContext<T>> pipe)
        where T : class => bus.ConnectRequestPipe(requestId, pipe);

    public void Probe(ProbeContext context) => context.Add("address", InputAddress);

    private static NotSupportedException NotStartable() => new("A topic endpoint starts and stops with its rider.");
}
