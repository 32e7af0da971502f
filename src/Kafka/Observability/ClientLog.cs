using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>librdkafka's log lines in the application's log.</summary>
internal static partial class ClientLog
{
    public static void Write(ILogger logger, LogMessage line)
    {
        // Lost connections and fatal errors come as errors to the error handlers too, which say them once.
        var level = line.Level switch
        {
            <= SyslogLevel.Critical when line.Facility != "FATAL" => LogLevel.Critical,
            _ => LogLevel.Debug,
        };
        LogLine(logger, level, line.Name, line.Facility, line.Message);
    }

    [LoggerMessage(Message = "{Client} {Facility}: {Line}")]
    private static partial void LogLine(ILogger logger, LogLevel level, string client, string facility, string line);
}
