using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

/// <summary>Keeps what was logged, for tests of what an operator is told.</summary>
internal sealed class LogCollector : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyCollection<(LogLevel Level, string Text)> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    public void Dispose()
    {
    }

    public override string ToString() => string.Join('\n', _lines.Select(line => $"{line.Level}: {line.Text}"));

    private sealed class Logger(ConcurrentQueue<(LogLevel Level, string Text)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, exception is null ? formatter(state, exception) : $"{formatter(state, exception)}\n{exception}"));
    }
}
