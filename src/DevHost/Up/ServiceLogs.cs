using IotBus.DevHost.Terminal;

namespace IotBus.DevHost.Up;

/// <summary>Shows a service's warnings and errors above the live line, one line each; the rest would drown it.</summary>
internal sealed class ServiceLogs(string service, LiveLine line) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, service, line);

    public void Dispose()
    {
    }

    private sealed class LineLogger(string category, string service, LiveLine line) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // A service that does not start throws; whoever started it says why.
            if (!IsEnabled(logLevel) || category == "Microsoft.Extensions.Hosting.Internal.Host")
                return;

            var level = logLevel == LogLevel.Warning ? "warning" : "error";
            var cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
            line.Say($"{level}, {service}: {formatter(state, exception)}{cause}".ReplaceLineEndings(" "));
        }
    }
}
