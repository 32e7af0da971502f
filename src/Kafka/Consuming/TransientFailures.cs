using System.Data.Common;
using System.Net.Sockets;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// Failures that are of the surroundings, not of a message: a batch that meets one is tried again until it passes. Time-outs, cancellations, network
/// and file errors, HTTP requests, Kafka's own, and databases' where they call themselves transient.
/// </summary>
internal static class TransientFailures
{
    public static bool Contain(Exception exception) => exception switch
    {
        TimeoutException or OperationCanceledException or IOException or SocketException or HttpRequestException => true,
        KafkaException or KafkaUnavailableException => true,
        TopicProduceException produce => produce.Failure != ProduceFailure.Refused,
        DbException database => database.IsTransient,
        AggregateException all => all.InnerExceptions.Any(Contain),
        _ => exception.InnerException is { } inner && Contain(inner),
    };
}
