using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace IotBus.DevMongo;

/// <summary>
/// A running MongoDB stand-in: a child process on 127.0.0.1 that keeps its data in memory and answers as a replica set of
/// one node. Thread-safe. The process ends when this is disposed, and also when the process that started it dies.
/// </summary>
public sealed class DevMongoServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ErrorTail _errors;
    private int _disposed;

    private DevMongoServer(Process process, ErrorTail errors, int port)
    {
        _process = process;
        _errors = errors;
        ProcessId = process.Id;
        Stopped = process.WaitForExitAsync();
        Uri = string.Create(CultureInfo.InvariantCulture, $"mongodb://127.0.0.1:{port}/?replicaSet=rs0");
    }

    /// <summary>The connection string, with the replica set's name.</summary>
    public string Uri { get; }

    public int ProcessId { get; }

    /// <summary>Completes when the process has ended, whoever ended it.</summary>
    public Task Stopped { get; }

    /// <summary>What the process wrote to standard error last: empty unless something went wrong.</summary>
    public string Errors => _errors.ToString();

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="port">The port to listen on; 0 picks a free one.</param>
    /// <exception cref="DevMongoException">
    /// Node 20 or later or the server's packages are missing (the message has the command that installs them), or the server
    /// did not start, for instance because the port is taken.
    /// </exception>
    public static async Task<DevMongoServer> StartAsync(int port = 0, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        NodeProgram program = await NodeProgram.FindAsync(ct).ConfigureAwait(false);

        Process process = program.Start("--port", port.ToString(CultureInfo.InvariantCulture), "--exit-with-parent");
        ErrorTail errors = new();
        try
        {
            process.ErrorDataReceived += (_, line) => errors.Add(line.Data);
            process.BeginErrorReadLine();
            string? ready = await process.StandardOutput.ReadLineAsync(ct).ConfigureAwait(false);
            if (ready is null)
            {
                await process.WaitForExitAsync(ct).ConfigureAwait(false);
                throw new DevMongoException($"The MongoDB stand-in stopped with exit code {process.ExitCode} before it was ready. {errors}");
            }

            return new DevMongoServer(process, errors, ReadPort(ready));
        }
        catch
        {
            Kill(process);
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // The end of its input is the server's signal to stop.
        _process.StandardInput.Close();
        using CancellationTokenSource timeout = new(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill(_process);
        }

        _process.Dispose();
    }

    private static int ReadPort(string ready)
    {
        using JsonDocument document = JsonDocument.Parse(ready);
        return document.RootElement.GetProperty("port").GetInt32();
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
    }
}
