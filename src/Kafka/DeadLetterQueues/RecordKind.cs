namespace IotBus.Kafka;

/// <summary>What a record in a dead-letter topic is to a scan.</summary>
internal enum RecordKind
{
    /// <summary>A letter that fits the selection and was neither replayed nor dropped.</summary>
    Selected,

    /// <summary>A letter that does not fit.</summary>
    Other,

    /// <summary>A letter that was replayed or dropped.</summary>
    Handled,

    /// <summary>The mark of a replay or of dropping.</summary>
    Mark,
}
