using IotBus.Testing;
using MassTransit;
using MassTransit.Observables;
using MassTransit.Transports;
using MassTransit.Util;

namespace IotBus.Kafka.Tests;

public sealed class LateConsumeObserversTests
{
    [Fact]
    public async Task A_message_that_passes_while_an_observer_is_connected_is_seen_by_it()
    {
        var pipe = new SlowPipe();
        var observers = new ConsumeObservable();
        var late = new LateConsumeObservers(pipe);
        late.ConnectConsumeObserver(observers);
        observers.Connect(new Observer());
        var (first, second) = (Send(late), Send(late));

        first.Start();
        await pipe.Connecting.WaitAsync(Eventually.DefaultDeadline);
        second.Start();

        // It waits for the connection; without that it would be through.
        await Eventually.TrueAsync(() => !second.IsAlive || second.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        pipe.GoOn();
        Assert.True(first.Join(Eventually.DefaultDeadline) && second.Join(Eventually.DefaultDeadline));
        Assert.Equal((2, 0), (pipe.Observed, pipe.Unobserved));
    }

    // The pipe below does not look at what it is sent.
    private static Thread Send(LateConsumeObservers late) => new(() => late.Send(null!).GetAwaiter().GetResult()) { IsBackground = true };

    /// <summary>A pipe to which an observer is connected no sooner than the test says.</summary>
    private sealed class SlowPipe : IReceivePipe
    {
        private readonly TaskCompletionSource _connecting = new();
        private readonly TaskCompletionSource _goOn = new();
        private bool _connected;

        public Task Connecting => _connecting.Task;

        public int Observed { get; private set; }

        public int Unobserved { get; private set; }

        public Task Connected => Task.CompletedTask;

        public void GoOn() => _goOn.SetResult();

        public ConnectHandle ConnectConsumeObserver(IConsumeObserver observer)
        {
            _connecting.SetResult();
            _goOn.Task.Wait();
            _connected = true;
            return new EmptyConnectHandle();
        }

        public Task Send(ReceiveContext context)
        {
            lock (_goOn)
            {
                if (_connected)
                    Observed++;
                else
                    Unobserved++;
            }

            return Task.CompletedTask;
        }

        public void Probe(ProbeContext context) => throw new NotSupportedException();

        public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe)
            where T : class => throw new NotSupportedException();

        public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
            where T : class => throw new NotSupportedException();

        public ConnectHandle ConnectRequestPipe<T>(Guid requestId, IPipe<ConsumeContext<T>> pipe)
            where T : class => throw new NotSupportedException();

        public ConnectHandle ConnectConsumeMessageObserver<T>(IConsumeMessageObserver<T> observer)
            where T : class => throw new NotSupportedException();
    }

    private sealed class Observer : IConsumeObserver
    {
        public Task PreConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}
