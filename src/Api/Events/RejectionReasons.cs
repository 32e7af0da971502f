namespace IotBus.Api.Events;

/// <summary>The values of the label <c>reason</c> of <c>iotbus_events_rejected_total</c>.</summary>
internal static class RejectionReasons
{
    public const string Invalid = "invalid";
    public const string Malformed = "malformed";
    public const string TooLarge = "too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string Forbidden = "forbidden";
    public const string QueueFull = "queue_full";
    public const string BacklogFull = "backlog_full";
    public const string NotAcknowledged = "not_acknowledged";
    public const string Refused = "refused";

    public static IReadOnlyList<string> All { get; } =
        [Invalid, Malformed, TooLarge, UnsupportedMediaType, Forbidden, QueueFull, BacklogFull, NotAcknowledged, Refused];
}
