using System.Diagnostics.Metrics;
using MassTransit.Monitoring;

namespace IotBus.Kafka;

/// <summary>Whether somebody listens to MassTransit's metrics of received messages: preparing one costs more than the receiving itself.</summary>
internal static class ReceiveMetrics
{
    // Under another name, which an application may give it, the counter is not found, and MassTransit is asked for every message.
    private static readonly string Name = DefaultName();

    // Never stopped: it hears of instruments, and of no measurement.
    private static readonly MeterListener Listener = Listen();

    private static volatile Instrument? _counter;

    public static bool AreListenedTo => _counter is not { } counter || counter.Enabled;

    private static string DefaultName()
    {
        var options = new InstrumentationOptions();
        new ConfigureDefaultInstrumentationOptions().Configure(options);
        return options.ReceiveTotal;
    }

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == InstrumentationOptions.MeterName && instrument.Name == Name)
                    _counter ??= instrument;
            },
        };
        listener.Start();
        return listener;
    }
}
