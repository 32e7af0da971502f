using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>Says once of a topic that it is not there or may not be written to, and once that it goes on. Thread-safe.</summary>
internal sealed class TopicProblems(ILogger logger, string bootstrapServers)
{
    private readonly ConcurrentDictionary<string, ProblemLog> _topics = new();

    // Asked for each message: the dictionary would take its locks to tell that it is empty.
    private volatile bool _any;

    public void Report(string topic, Error error)
    {
        if (Tell(error.Code) is not { } problem)
            return;

        var log = _topics.GetOrAdd(topic, static (name, producer) => producer.NewLog(name), this);
        _any = true;
        log.Report(error.Code.ToString(), $"{problem}: {error.Reason}.");
    }

    public void Over(string topic)
    {
        if (_any && _topics.TryRemove(topic, out var log))
            log.Over();
    }

    private static string? Tell(ErrorCode code) => code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic => "There is no such topic",
        ErrorCode.Local_UnknownPartition => "There is no such partition",
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => "The brokers do not let this client write to it",
        ErrorCode.TopicException => "The brokers do not take the topic's name",
        _ => null,
    };

    private ProblemLog NewLog(string topic) => new(
        logger, $"Producing to the topic '{topic}' at {bootstrapServers}", "Its messages fail until that changes; each is tried.");
}
