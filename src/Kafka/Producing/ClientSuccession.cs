using System.Diagnostics;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// A producer's client, and those that come after it. One that met a fatal error (a broker that forgot what was acknowledged, a fenced producer, a client
/// that may write nowhere) takes nothing more: the next takes its place, at once the first time, then after 1 to 15 s until a message is acknowledged.
/// Thread-safe.
/// </summary>
/// <param name="build">Makes a client.</param>
/// <param name="problem">Where fatal errors are said.</param>
/// <param name="clock">Tells when the time is over.</param>
internal sealed class ClientSuccession(Func<ProducerClient> build, ProblemLog problem, TimeProvider clock) : IDisposable
{
    private readonly RetryBackoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
    private readonly Lock _lock = new();
    private volatile ProducerClient? _current;
    private volatile bool _works = true;
    private ITimer? _timer;
    private Task _closed = Task.CompletedTask;
    private bool _waits;
    private bool _disposed;

    /// <summary>Takes messages, unless it met a fatal error and waits for its successor.</summary>
    /// <exception cref="InvalidOperationException">It is not started.</exception>
    public ProducerClient Current => _current ?? throw new InvalidOperationException("There is no client before the start.");

    public void Start()
    {
        // A client's own thread may tell of its end before it is the current one: it waits here.
        lock (_lock)
            _current = build();
    }

    /// <summary>A message was acknowledged. Told for each, so it costs no more than a look as long as nothing failed.</summary>
    public void Succeeded()
    {
        if (_works)
            return;

        lock (_lock)
        {
            _backoff.Reset();
            _works = true;
            problem.Over();
        }
    }

    /// <param name="failed">Met a fatal error.</param>
    /// <param name="error">The error.</param>
    public void Replace(ProducerClient failed, Error error)
    {
        lock (_lock)
        {
            if (_disposed || _waits || !ReferenceEquals(failed, _current))
                return;

            try
            {
                problem.Report("fatal", $"{error.Reason}.");
            }
            finally
            {
                if (_works)
                    Renew();
                else
                    Wait();
            }
        }
    }

    /// <summary>Returns when all clients are closed, as <see cref="ProducerClient.Dispose"/> does.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
        }

        _current?.Dispose();
        _closed.Wait();
    }

    private void Renew()
    {
        _works = false;
        var failed = _current!;
        try
        {
            _current = build();
        }
        catch (Exception exception)
        {
            // What the settings name may have gone meanwhile, such as a certificate's file.
            Wait();
            problem.Report(exception.GetType().Name, $"No client could be made: {exception.Message}", exception);
            return;
        }

        // Its remaining messages get their reports, all of them failures; this may be its own thread, which must not wait for itself.
        var closing = Task.Run(failed.Dispose);
        _closed = _closed.IsCompletedSuccessfully ? closing : Task.WhenAll(_closed, closing);
    }

    private void Wait()
    {
        _waits = true;
        _timer ??= clock.CreateTimer(_ => RenewLater(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_backoff.Next(), Timeout.InfiniteTimeSpan);
    }

    private void RenewLater()
    {
        try
        {
            lock (_lock)
            {
                _waits = false;
                if (!_disposed)
                    Renew();
            }
        }
        catch (Exception exception)
        {
            // The log failed, which must not end the process.
            Trace.TraceError($"Replacing a producer: {exception}");
        }
    }
}
