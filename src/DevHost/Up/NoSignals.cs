namespace IotBus.DevHost.Up;

/// <summary>The lifetime of a service within this process: it stops when it is stopped. Signals are the host's, or all services would stop at once.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
