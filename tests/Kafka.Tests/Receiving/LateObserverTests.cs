using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using MassTransit;
using MassTransit.Logging;
using MassTransit.Monitoring;

namespace IotBus.Kafka.Tests;

public sealed class LateObserverTests
{
    private readonly InMemoryKafka _kafka = new();
    private readonly Seen _seen = new() { OnMessage = context => context.Message.Decibel < 0 ? throw new ArgumentException("too quiet") : Task.CompletedTask };
    private readonly Observer _observer = new();

    [Fact]
    public async Task Observers_that_connect_to_a_running_bus_see_what_is_received_and_consumed_until_they_disconnect()
    {
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", _seen);
        await ConsumeAsync(1);

        var receive = host.Bus.ConnectReceiveObserver(_observer);
        var consume = host.Bus.ConnectConsumeObserver(_observer);
        await ConsumeAsync(2);
        receive.Disconnect();
        consume.Disconnect();
        await ConsumeAsync(3);

        Assert.Equal(["pre-receive", "pre-consume Noise", "consumed Noise by NoiseConsumer", "post-consume Noise", "post-receive"], _observer.Events);
    }

    [Fact]
    public async Task Observers_of_before_the_start_and_later_ones_see_each_event_once()
    {
        await using var observed = await NoiseHost.StartAsync(_kafka, "noises", "group", _seen);
        var later = new Observer();
        observed.Bus.ConnectConsumeObserver(_observer);
        await ConsumeAsync(1);

        observed.Bus.ConnectConsumeObserver(later);
        await ConsumeAsync(2);

        Assert.Equal(["pre-consume Noise", "post-consume Noise", "pre-consume Noise", "post-consume Noise"], _observer.Events);
        Assert.Equal(["pre-consume Noise", "post-consume Noise"], later.Events);
    }

    [Fact]
    public async Task Late_observers_see_what_failed()
    {
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", _seen);
        await ConsumeAsync(1);
        host.Bus.ConnectReceiveObserver(_observer);
        host.Bus.ConnectConsumeObserver(_observer);

        await ConsumeAsync(-1);

        Assert.Equal(
            ["pre-receive", "pre-consume Noise", "failed Noise of NoiseConsumer: too quiet", "consume fault Noise: too quiet", "post-receive"], _observer.Events);
    }

    [Fact]
    public async Task Who_listens_late_to_MassTransits_metrics_gets_those_of_what_is_received()
    {
        await using var host = await NoiseHost.StartAsync(_kafka, "noises-measured", "group", _seen);
        _kafka.Topic("noises-measured").AppendText(null, NoiseHost.Json(1));
        await _kafka.WhenConsumedAsync();
        var received = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == InstrumentationOptions.MeterName)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, measurement, tags, _) => Note(received, instrument, measurement, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(received, instrument, 1, tags));
        listener.Start();

        _kafka.Topic("noises-measured").AppendText(null, NoiseHost.Json(2));
        await _kafka.WhenConsumedAsync();

        Assert.Equal(
            ["messaging.masstransit.receive 1", "messaging.masstransit.receive.active 1", "messaging.masstransit.receive.active -1", "messaging.masstransit.receive.duration 1"],
            received.Where(line => line.StartsWith("messaging.masstransit.receive", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_listens_late_to_MassTransits_spans_gets_one_of_what_is_received_and_one_of_what_is_consumed_within_it()
    {
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "traced-noises", _seen);
        await ConsumeAsync(1);
        using var spans = new Spans("traced-noises", DiagnosticHeaders.DefaultListenerName);

        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(2), new Confluent.Kafka.Headers { { MessageHeaderNames.ActivityId, Encoding.UTF8.GetBytes(Parent) } });
        await _kafka.WhenConsumedAsync();

        Assert.Equal(["traced-noises process", "traced-noises receive"], spans.Ended.Select(span => span.OperationName));
        var (process, receive) = (spans.Ended.First(), spans.Ended.Last());
        Assert.Equal((Parent, receive.SpanId), (receive.ParentId, process.ParentSpanId));
        Assert.Equal("traced-noises", receive.GetTagItem(DiagnosticHeaders.Messaging.DestinationName));
        Assert.EndsWith("traced-noises", (string)receive.GetTagItem(DiagnosticHeaders.InputAddress)!, StringComparison.Ordinal);
    }

    private async Task ConsumeAsync(int decibel)
    {
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(decibel));
        await _kafka.WhenConsumedAsync();
    }

    // Tests share the process, and so the instruments.
    private static void Note(ConcurrentQueue<string> received, Instrument instrument, long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Value is string text && text.Contains("noises-measured", StringComparison.Ordinal))
                received.Enqueue($"{instrument.Name} {measurement}");
        }
    }

    private sealed class Observer : IReceiveObserver, IConsumeObserver
    {
        private readonly ConcurrentQueue<string> _events = new();

        public IReadOnlyCollection<string> Events => _events;

        public Task PreReceive(ReceiveContext context) => Note("pre-receive");

        public Task PostReceive(ReceiveContext context) => Note("post-receive");

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Note($"consumed {typeof(T).Name} by {consumerType.Split('.')[^1]}");

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Note($"failed {typeof(T).Name} of {consumerType.Split('.')[^1]}: {exception.Message}");

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Note($"receive fault: {exception.Message}");

        public Task PreConsume<T>(ConsumeContext<T> context)
            where T : class => Note($"pre-consume {typeof(T).Name}");

        public Task PostConsume<T>(ConsumeContext<T> context)
            where T : class => Note($"post-consume {typeof(T).Name}");

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
            where T : class => Note($"consume fault {typeof(T).Name}: {exception.Message}");

        private Task Note(string what)
        {
            _events.Enqueue(what);
            return Task.CompletedTask;
        }
    }
}
