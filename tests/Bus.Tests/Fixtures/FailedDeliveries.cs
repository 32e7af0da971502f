using System.Diagnostics.Metrics;

namespace IotBus.Bus.Tests;

/// <summary>Counts the attempts at delivering from the outbox that fail, in this process, from now on.</summary>
internal sealed class FailedDeliveries : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public FailedDeliveries()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "iotbus_outbox_failed_total")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
