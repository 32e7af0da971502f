using System.Diagnostics;
using IotBus.DevHost.DeadLetters;
using IotBus.DevHost.Terminal;
using IotBus.Testing;

namespace IotBus.DevHost.Tests.DeadLetters;

/// <summary>What a command wrote, and how it ended.</summary>
internal sealed record DlqRun(int ExitCode, string Output, string Error)
{
    /// <summary>The command in this process.</summary>
    public static async Task<DlqRun> RunAsync(KafkaServer kafka, string[] args, CancellationToken cancellationToken = default)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var options = DlqOptions.Parse(args, DateTimeOffset.UtcNow);
        var broker = new Broker(kafka.BootstrapServers, "", new Dictionary<string, string>());
        var line = new LiveLine(TextWriter.Null, inPlace: false, TimeSpan.FromSeconds(5), TimeProvider.System);
        var exitCode = await new DlqCommand(options, broker, output, error, line, TimeProvider.System).RunAsync(cancellationToken);
        return new DlqRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The command as a process of its own, beside the systems that say in this folder that they run.</summary>
    public static async Task<DlqRun> ProcessAsync(string state, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.DevHost, "dlq", .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["IOTBUS_STATE"] = state;
        start.Environment.Remove("KAFKA_BOOTSTRAP_SERVERS");
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new DlqRun(process.ExitCode, await output, await error);
    }
}
