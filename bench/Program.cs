using System.Runtime.InteropServices;
using IotBus.Bench;
using IotBus.Bench.Applying;
using IotBus.Bench.Consuming;
using IotBus.Bench.Delivering;
using IotBus.Bench.Ingestion;
using IotBus.Bench.Processes;
using IotBus.Bench.Producing;
using IotBus.Bench.Soak;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    return args switch
    {
        // The processes that a benchmark starts beside itself.
        [BareEndpoint.Role, .. var rest] => await BareEndpoint.RunAsync(rest, stop.Token),
        [ConsumingLoops.Role, .. var rest] => await ConsumingLoops.RunAsync(rest, stop.Token),
        [ProducingLoops.Role, .. var rest] => await ProducingLoops.RunAsync(rest, stop.Token),
        [OutboxProcess.Role, .. var rest] => await OutboxProcess.RunAsync(rest, stop.Token),
        [OneByOnePipeline.Role, .. var rest] => await OneByOnePipeline.RunAsync(rest, stop.Token),
        [SoakBroker.Role, .. var rest] => await SoakBroker.RunAsync(rest, stop.Token),
        [SoakProducer.Role, .. var rest] => await SoakProducer.RunAsync(rest, stop.Token),
        [SoakConsumer.Role, .. var rest] => await SoakConsumer.RunAsync(rest, stop.Token),

        // Too long for all of the benchmarks to be run with it.
        [SoakCommand.Name, .. var rest] => await SoakCommand.RunAsync(rest, stop.Token),
        _ => await BenchCommand.RunAsync(args, stop.Token),
    };
}
catch (BenchException exception)
{
    await Console.Error.WriteLineAsync($"iotbus: {exception.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

void Stop(PosixSignalContext signal)
{
    // Ends the benchmark in order: its processes are stopped on the way out.
    signal.Cancel = true;
    stop.Cancel();
}
