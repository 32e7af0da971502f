using IotBus.DevHost.CommandLine;
using IotBus.DevHost.Observing;
using IotBus.DevHost.Simulation;
using IotBus.DevHost.Terminal;
using IotBus.DevMongo;
using IotBus.MongoDb;
using Microsoft.Extensions.Options;

namespace IotBus.DevHost.Up;

/// <summary><c>./iotbus up</c>: the whole system in this process, until it is told to stop.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <exception cref="UsageException">The options make no sense, a setting is wrong, a port is taken, or a server does not start.</exception>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = UpOptions.Parse(args);
        PortCheck.Run(options);
        var line = LiveLine.OnConsole(TimeSpan.FromSeconds(10));
        string? failed = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await using var servers = await Servers.StartAsync(
                Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS"), Environment.GetEnvironmentVariable("MONGODB_URI"), cancellationToken);
            await using var system = await DevelopmentSystem.StartAsync(options, servers, line, cancellationToken);
            system.OnStopping(Fail);
            _ = servers.StoreStopped.ContinueWith(
                _ => Fail("The MongoDB stand-in"), stop.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await RunAsync(options, servers, line, stop.Token);

            // Leaving the block stops the services, then the servers.
            line.Say(failed is null ? "Stopping." : $"{failed} has stopped by itself, so everything stops.");
            if (failed is not null && servers.StoreStopped is { IsCompletedSuccessfully: true, Result: { Length: > 0 } errors })
                line.Say(errors);
        }
        catch (Exception e) when (e is DevMongoException or OptionsValidationException)
        {
            throw new UsageException(e.Message);
        }
        catch (MongoException e)
        {
            throw new UsageException($"MONGODB_URI: {e.Message}");
        }
        catch (IOException e) when (PortCheck.Explain(options, e) is { } taken)
        {
            throw taken;
        }

        line.Say("Stopped.");
        return failed is null ? 0 : 1;

        void Fail(string part)
        {
            failed ??= stop.IsCancellationRequested ? null : part;
            stop.Cancel();
        }
    }

    private static async Task RunAsync(UpOptions options, Servers servers, LiveLine line, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            await new ReadinessWait(http, line, TimeProvider.System).RunAsync(options, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        using var announcement = RunningSystem.Announce(RunningSystem.Folder, servers.KafkaBootstrapServers);
        line.Say(Banner.Text(options, servers));
        var simulator = options.Simulator ? new Simulator(options.Api, servers.KafkaBootstrapServers, http, TimeProvider.System).RunAsync(cancellationToken) : Task.CompletedTask;
        await ShowAsync(new SystemObserver(http, options.ApiManagement, options.ProcessorsManagement), line, cancellationToken);
        await simulator;
        line.Close();
    }

    private static async Task ShowAsync(SystemObserver observer, LiveLine line, CancellationToken cancellationToken)
    {
        var ages = new AgeWindow();
        var last = 0.0;
        using var timer = new PeriodicTimer(Second);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (await observer.ReadAsync(cancellationToken) is not { } now)
                    continue;

                line.Show(SystemLine.Describe(now, now.Accepted - last, ages.Add(now.Ages), line.Width));
                last = now.Accepted;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop.
        }
    }
}
