using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>Says a lasting problem once per change, and once when it is over. Thread-safe.</summary>
/// <param name="logger">Where it is said.</param>
/// <param name="subject">What has the problem.</param>
/// <param name="consequence">What is done about it: a sentence.</param>
internal sealed partial class ProblemLog(ILogger logger, string subject, string consequence)
{
    private volatile Problem? _current;

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Current => _current?.Text;

    /// <param name="kind">Two reports of one kind are the same problem, however their texts differ.</param>
    /// <param name="text">What is wrong: a sentence.</param>
    /// <param name="exception">What brought it, where that tells more.</param>
    public void Report(string kind, string text, Exception? exception = null)
    {
        if (Interlocked.Exchange(ref _current, new Problem(kind, text))?.Kind != kind)
            LogProblem(logger, subject, text, consequence, exception);
    }

    public void Over()
    {
        if (_current is not null && Interlocked.Exchange(ref _current, null) is not null)
            LogOver(logger, subject);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Subject}: {Problem} {Consequence}")]
    private static partial void LogProblem(ILogger logger, string subject, string problem, string consequence, Exception? exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Subject}: it goes on.")]
    private static partial void LogOver(ILogger logger, string subject);

    private sealed record Problem(string Kind, string Text);
}
