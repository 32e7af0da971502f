using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>Says a lasting problem once per change, and once when it is over. Thread-safe.</summary>
internal sealed partial class ProblemLog(ILogger logger, string subject)
{
    private volatile string? _current;

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Current => _current;

    public void Report(string problem, Exception? exception = null)
    {
        if (Interlocked.Exchange(ref _current, problem) != problem)
            LogProblem(logger, subject, problem, exception);
    }

    public void Over()
    {
        if (_current is not null && Interlocked.Exchange(ref _current, null) is not null)
            LogOver(logger, subject);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Subject}: {Problem} It is tried again until it succeeds.")]
    private static partial void LogProblem(ILogger logger, string subject, string problem, Exception? exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Subject}: goes on.")]
    private static partial void LogOver(ILogger logger, string subject);
}
