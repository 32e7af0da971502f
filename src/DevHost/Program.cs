using System.Runtime.InteropServices;
using IotBus.DevHost.CommandLine;
using IotBus.DevHost.DeadLetters;
using IotBus.DevHost.Replay;
using IotBus.DevHost.Up;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    return args switch
    {
        ["up", .. var rest] => await UpCommand.RunAsync(rest, stop.Token),
        ["replay", .. var rest] => await ReplayCommand.RunAsync(rest, stop.Token),
        ["dlq", .. var rest] => await DlqCommand.RunAsync(rest, stop.Token),
        _ => throw new UsageException("The commands are up, replay and dlq; ./iotbus help tells more."),
    };
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync($"iotbus: {e.Message}");
    return 64;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

void Stop(PosixSignalContext signal)
{
    // The process ends when the command has tidied up; a second signal finds the handlers gone with it.
    signal.Cancel = true;
    stop.Cancel();
}
