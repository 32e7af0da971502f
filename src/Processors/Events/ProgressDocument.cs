using IotBus.Kafka;

namespace IotBus.Processors.Events;

/// <summary>A document of <c>progress</c>.</summary>
/// <param name="TopicId">The topic it is about; null where the broker did not tell it.</param>
/// <param name="Applied">The last offset whose effects are committed.</param>
/// <param name="Stored">The last offset known to be in the series as well.</param>
/// <param name="Session">The session of the transaction that moved it last, or tried to.</param>
internal sealed record ProgressDocument(string? TopicId, long Applied, long Stored, Guid? Session)
{
    /// <summary>Whether the broker names another topic than the one this is about: it was deleted and made again.</summary>
    public bool IsOfAnotherTopic(TopicAssignment assignment) =>
        TopicId is not null && assignment.TopicId is not null && TopicId != assignment.TopicId;
}
