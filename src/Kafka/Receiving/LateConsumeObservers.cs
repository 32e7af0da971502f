using MassTransit;
using MassTransit.Observables;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>
/// An endpoint's pipe, to which observers of the bus are connected once there are some. MassTransit connects an empty list of them, and asks it twice a
/// message.
/// </summary>
internal sealed class LateConsumeObservers(IReceivePipe pipe) : IReceivePipe
{
    private readonly Lock _lock = new();
    private LateObserver[] _waiting = [];

    public Task Connected => pipe.Connected;

    public Task Send(ReceiveContext context)
    {
        foreach (var observers in Volatile.Read(ref _waiting))
        {
            if (observers.HasAny)
                Connect(observers);
        }

        return pipe.Send(context);
    }

    public void Probe(ProbeContext context) => pipe.Probe(context);

    public ConnectHandle ConnectConsumeObserver(IConsumeObserver observer)
    {
        if (observer is not ConsumeObservable observers)
            return pipe.ConnectConsumeObserver(observer);

        var late = new LateObserver(this, observers);
        lock (_lock)
            Volatile.Write(ref _waiting, [.. _waiting, late]);

        return late;
    }

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> output)
        where T : class => pipe.ConnectConsumePipe(output);

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> output, ConnectPipeOptions options)
        where T : class => pipe.ConnectConsumePipe(output, options);

    public ConnectHandle ConnectRequestPipe<T>(Guid requestId, IPipe<ConsumeContext<T>> output)
        where T : class => pipe.ConnectRequestPipe(requestId, output);

    public ConnectHandle ConnectConsumeMessageObserver<T>(IConsumeMessageObserver<T> observer)
        where T : class => pipe.ConnectConsumeMessageObserver(observer);

    private void Connect(LateObserver observers)
    {
        lock (_lock)
        {
            if (!_waiting.Contains(observers))
                return;

            // In this order: a message that does not find it waiting must find it connected.
            observers.Handle = pipe.ConnectConsumeObserver(observers.Observers);
            Forget(observers);
        }
    }

    private void Disconnect(LateObserver observers)
    {
        lock (_lock)
        {
            if (!Forget(observers))
                observers.Handle?.Disconnect();
        }
    }

    private bool Forget(LateObserver observers)
    {
        var rest = Array.FindAll(_waiting, other => other != observers);
        if (rest.Length == _waiting.Length)
            return false;

        Volatile.Write(ref _waiting, rest);
        return true;
    }

    private sealed class LateObserver(LateConsumeObservers owner, ConsumeObservable observers) : ConnectHandle
    {
        public ConsumeObservable Observers => observers;

        public bool HasAny => observers.Count > 0;

        /// <summary>Of the pipe itself, once connected to it.</summary>
        public ConnectHandle? Handle { get; set; }

        public void Disconnect() => owner.Disconnect(this);

        public void Dispose() => Disconnect();
    }
}
