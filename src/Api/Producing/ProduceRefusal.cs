using IotBus.Api.Events;
using IotBus.Kafka;

namespace IotBus.Api.Producing;

/// <summary>What a device is told when Kafka did not acknowledge its event.</summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Reason">What it is counted under.</param>
/// <param name="Error">The sentence in the answer.</param>
/// <param name="RetryAfter">When to send it again; null when that would not help.</param>
internal sealed record ProduceRefusal(int Status, string Reason, string Error, TimeSpan? RetryAfter)
{
    private static readonly ProduceRefusal QueueFull = new(
        StatusCodes.Status503ServiceUnavailable,
        RejectionReasons.QueueFull,
        "Too many events wait for Kafka. This one was not taken: send it again with the same event_id.",
        TimeSpan.FromSeconds(1));

    private static readonly ProduceRefusal BacklogFull = new(
        StatusCodes.Status503ServiceUnavailable,
        RejectionReasons.BacklogFull,
        "The topic's backlog is full until its consumers have caught up. The event was not taken: send it again with the same event_id.",
        TimeSpan.FromSeconds(2));

    private static readonly ProduceRefusal NotAcknowledged = new(
        StatusCodes.Status503ServiceUnavailable,
        RejectionReasons.NotAcknowledged,
        "Kafka has not acknowledged the event in time. It may or may not be recorded: send it again with the same event_id.",
        TimeSpan.FromSeconds(5));

    private static readonly ProduceRefusal Refused = new(
        StatusCodes.Status400BadRequest,
        RejectionReasons.Refused,
        "Kafka refuses the event as it is. Sending it again does not help.",
        null);

    public static ProduceRefusal Of(ProduceFailure failure) => failure switch
    {
        ProduceFailure.QueueFull => QueueFull,
        ProduceFailure.BacklogFull => BacklogFull,
        ProduceFailure.Refused => Refused,
        _ => NotAcknowledged,
    };
}
