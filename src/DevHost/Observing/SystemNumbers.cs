namespace IotBus.DevHost.Observing;

/// <summary>How the system stands, as its services tell it at <c>/metrics</c>.</summary>
/// <param name="Accepted">Events acknowledged to devices.</param>
/// <param name="Applied">Events that had an effect.</param>
/// <param name="Duplicates">Events that were sent again, and had none.</param>
/// <param name="Rejected">Events and requests that were refused for good.</param>
/// <param name="Deferred">Events that were answered 503: to be sent again, and counted under the others then.</param>
/// <param name="DeadLetters">Messages that could not be applied.</param>
/// <param name="Lag">Messages on Kafka that are not applied yet.</param>
/// <param name="Ages">The histogram of applied − event time: counts by upper bound, seconds.</param>
internal sealed record SystemNumbers(
    double Accepted,
    double Applied,
    double Duplicates,
    double Rejected,
    double Deferred,
    double DeadLetters,
    double Lag,
    IReadOnlyDictionary<double, double> Ages)
{
    private const string RejectedName = "iotbus_events_rejected_total";

    public static SystemNumbers Of(PrometheusText api, PrometheusText processors) => Of(
        api, processors, deferred: api.Sum(RejectedName, "reason", "queue_full", "backlog_full", "not_acknowledged"));

    private static SystemNumbers Of(PrometheusText api, PrometheusText processors, double deferred) => new(
        api.Sum("iotbus_events_accepted_total"),
        processors.Sum("iotbus_events_applied_total"),
        processors.Sum("iotbus_events_duplicate_total"),
        api.Sum(RejectedName) - deferred,
        deferred,
        processors.Sum("iotbus_dead_letters_total"),
        processors.Sum("iotbus_consumer_lag"),
        processors.Buckets("iotbus_event_age_seconds"));
}
