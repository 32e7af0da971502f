using System.Diagnostics.Metrics;

namespace IotBus.Persistence;

/// <summary>What the outbox says of itself: the meter <c>IotBus.MassTransit.MongoDb</c>.</summary>
internal sealed class OutboxMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _duplicates;
    private readonly Histogram<double> _delay;

    public OutboxMetrics()
    {
        _meter = new Meter("IotBus.MassTransit.MongoDb");
        _delivered = _meter.CreateCounter<long>("iotbus_outbox_delivered_total", description: "Messages delivered from the outbox.");
        _failed = _meter.CreateCounter<long>("iotbus_outbox_failed_total", description: "Attempts at delivering that failed.");
        _duplicates = _meter.CreateCounter<long>("iotbus_inbox_duplicate_total", description: "Messages that had been consumed before.");
        _delay = _meter.CreateHistogram<double>("iotbus_outbox_delay_seconds", "s", "From sending, or from being due, to delivery.");
    }

    public void Delivered(OutboxMessage message, DateTimeOffset now)
    {
        _delivered.Add(1);
        _delay.Record(Math.Max(0, (now - (message.Due ?? message.SentTime)).TotalSeconds));
    }

    public void Failed() => _failed.Add(1);

    public void Duplicate(int count) => _duplicates.Add(count);

    public void Dispose() => _meter.Dispose();
}
