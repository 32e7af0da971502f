namespace IotBus.Kafka;

/// <summary>A topic as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TopicId">Its identifier, which changes when it is deleted and made again; null where the broker does not tell it.</param>
/// <param name="Partitions">How many partitions it has.</param>
public sealed record TopicInfo(string Name, string? TopicId, int Partitions);
